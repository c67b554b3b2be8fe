import { type Kind, quantityKind, repeated, textKind } from "./kind";

/*
 * The kinds of field that Cassandra, Kafka, Redis, Spark and TensorFlow have, and the charts of operators: names and
 * lines in the grammar of each.
 */

const size = ["", "2Gi", "3Gi", "0.5", "1m", -1, 2 ** 31] as const;

/** See kinds of fieldKinds.ts, whose part this is. */
export const dataKinds: readonly Kind[] = [
    textKind(
        "name in a ring",
        /^a name of (a datacenter|a rack|at most 48)/,
        "sample",
        ...["", "-a", "_a", "a/b", "a:b", repeated("a", 49)],
    ),
    textKind("keyspace", /^a keyspace's name/, "sample", "", "1a", "_a", "a-b", "a.b", repeated("a", 49)),
    textKind("pod of a rack", /^the name of a pod: /, "sample-rack1-0", "", "sample", "Sample-0", "sample-0-"),
    textKind(
        "host or IPv4",
        /^a host name or an IPv4 address/,
        "sample",
        "",
        "-a",
        "a-",
        "a_b",
        "a b",
        "::1",
        "a:9042",
    ),
    textKind(
        "IPv4 address",
        /^the IPv4 address/,
        "10.0.0.1",
        ...["", "10.0.0", "10.0.0.0.1", "10.0.0.256", "010.0.0.1", "::1", "host"],
    ),
    textKind(
        "option of the JVM",
        /^an option of the JVM/,
        "-Xss1m",
        ...["", "Xss1m", "-", "-a b", "-a;b", "-$a", "-a`b`", "-a'b", "-a\\b"],
        ["-Xmx1g", "an option that is not the program's own (see heap)"],
        ["-Dkey.password=a", "an option that holds no secret, since the file is a ConfigMap"],
    ),
    textKind(
        "cron line",
        /^a cron line of five fields/,
        "0 3 * * 6",
        ...["", "0 3 * *", "0 3 * * 6 2027", "@reboot", "0  3 * * 6", " 0 3 * * 6", "0;3 3 * * 6", "0 3 $ * 6"],
    ),
    textKind("time zone", /^a time zone/, "Europe/Berlin", "", "/UTC", "Europe/", "Europe//Berlin", "a b", "+02:00"),
    textKind("jar", /^an absolute path of a \.jar file/, "/agent.jar", "", "agent.jar", "/agent", "/a b.jar", "/.jar/"),
    textKind(
        "cluster id",
        /^a cluster id: a UUID/,
        "MkU3OEVBNTcwNTJENDM2Qg",
        ...["", "sample", "-kU3OEVBNTcwNTJENDM2Qg", "MkU3OEVBNTcwNTJENDM2QB", "MkU3OEVBNTcwNTJENDM2Qg=="],
        ["5L6g3nShT-eMCtK--X86sw", "an id other than the image's own, which everybody has"],
    ),
    textKind(
        "host of nodes",
        /^a host name that leads to the nodes/,
        "nodes.example.com",
        ...["", "A", "a_b", "{x}.a", "{id}.{id}", "}a", "a..b", "a:9094"],
    ),
    textKind(
        "host of each broker",
        /^a host name with \{id\} once/,
        "broker-{id}.example.com",
        ...["", "broker.example.com", "{id}-{id}", "{id", "{x}.{id}", "A{id}", "{id}.a_b", "{id}.a..b", "{id}:9094"],
    ),
    textKind(
        "names by their beginning",
        /^the name of .*, the beginning of names followed by \*/,
        "sample-*",
        ...["", "a b", "a*b", "*a", "**", "a/b", repeated("a", 250)],
    ),
    textKind(
        "time or unlimited",
        /^a time of at least 1s with its unit, such as 7d, or unlimited/,
        "7d",
        ...["", "7", "-1", "Unlimited", "7 d", "1w"],
        ["0s", "a time of at least 1s"],
    ),
    quantityKind("size or unlimited", /^a size of each partition/, "1Gi", 0, -1, "-1", "512", "1Ki", "Unlimited"),
    quantityKind("size", /^a size from \S+( bytes)? to below 2Gi/, "10Mi", ...size),
    textKind(
        "version of a chart",
        /^a chart's whole version/,
        "1.2.3",
        ...["", "1", "1.2", "latest", ">=1.0.0", "^1.2.3", "1.2.3 ", "1.2.x", "*"],
    ),
    textKind(
        "repository of charts",
        /^an https or oci URL of a chart repository/,
        "https://charts.example.com/stable",
        ...["", "charts.example.com", "http://a", "oci://", "https://u@a", "https://a b", "https://a?b=c", "file:///a"],
    ),
    textKind("class", /^the full name of a class/, "org.example.Main", "", "org..Main", "a.", "1a", "a b", "a/b"),
    textKind(
        "file of an application",
        /^a URI of a file in the image/,
        "local:///opt/sample.jar",
        ...["", "/opt/a.jar", "a.jar", "file:///a", "s3://a/b", "local://", "https://a b", "s3a://a,s3a://b"],
    ),
    textKind(
        "version of Spark",
        /^a version of Spark/,
        "4.0.1",
        ...["", "4", "4.0", "2.4.8", "v4.0.1", "4.0.1-rc1", "4.0.1.0"],
    ),
    textKind(
        "Maven package",
        /^a Maven coordinate/,
        "org.example:sample:1.0",
        "",
        "a",
        "a:b",
        "a:b:c:d",
        "a::c",
        "a:b:c d",
    ),
    textKind("Maven artifact", /^group and artifact/, "org.example:sample", "", "a", "a:b:c", ":b", "a:", "a: b"),
    textKind(
        "repository of packages",
        /^an https URL without a login/,
        "https://maven.example.com/maven2",
        ...["", "maven.example.com", "http://a", "https://", "https://u@a", "https://a b", "https://a,https://b"],
    ),
    textKind("key of Spark", /^one that begins with spark\./, "spark.sample", "", "sample", "spark.", "spark.a b"),
    textKind("line", /^the directive's value in one line/, "sample", "", "a\nb", "a\rb", repeated("a", 1001)),
];
