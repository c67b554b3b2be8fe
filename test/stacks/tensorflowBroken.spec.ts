import { type Broken, itFindsEach, systemWith } from "./brokenTable";

/** One job with a command, and a runtime with its defaults. */
const job = (settings: string) =>
    systemWith(
        "tensorflow",
        `{ runtimes: { plain: {} }, jobNamespaces: { ml: { jobs: { fit: { command: [python], ${settings} } } } } }`,
    );

const broken: readonly Broken[] = [
    [
        "no runtime",
        [systemWith("tensorflow", "{ runtimes: {} }")],
        ["data-platform:systems.tensorflow.runtimes: expected at least one runtime, found an empty map"],
    ],
    [
        "a runtime whose name is no label",
        [systemWith("tensorflow", "{ runtimes: { My_Runtime: {} } }")],
        [
            'data-platform:systems.tensorflow.runtimes.My_Runtime: expected a key that is a DNS label of at most 20 characters: lower-case letters, digits and -, starting and ending with a letter or digit, found "My_Runtime"',
        ],
    ],
    [
        "an image without a tag",
        [systemWith("tensorflow", "{ runtimes: { plain: { image: registry.example.com/tf } } }")],
        [
            'data-platform:systems.tensorflow.runtimes.plain.image: expected an image reference with a tag, such as ghcr.io/terascope/teraslice:v3.18.0-nodev24.19.0, found "registry.example.com/tf"',
        ],
    ],
    [
        "the latest image",
        [systemWith("tensorflow", "{ runtimes: { plain: { image: 'registry.example.com/tf:latest' } } }")],
        [
            'data-platform:systems.tensorflow.runtimes.plain.image: expected an image tag other than latest, found "registry.example.com/tf:latest"',
        ],
    ],
    [
        "no node",
        [systemWith("tensorflow", "{ runtimes: { plain: { nodes: 0 } } }")],
        ["data-platform:systems.tensorflow.runtimes.plain.nodes: expected a whole number from 1 to 100, found 0"],
    ],
    [
        "root as user",
        [systemWith("tensorflow", "{ runtimes: { plain: { user: 0 } } }")],
        ["data-platform:systems.tensorflow.runtimes.plain.user: expected a whole number from 1 to 2000000000, found 0"],
    ],
    [
        "scratch without a unit",
        [systemWith("tensorflow", "{ runtimes: { plain: { scratch: 2 } } }")],
        [
            "data-platform:systems.tensorflow.runtimes.plain.scratch: expected a Kubernetes quantity of at least 1Mi with a unit, such as 512Mi or 10Gi, found 2",
        ],
    ],
    [
        "a device without a domain",
        [systemWith("tensorflow", "{ runtimes: { plain: { accelerators: { gpu: 1 } } } }")],
        [
            'data-platform:systems.tensorflow.runtimes.plain.accelerators.gpu: expected a key that is an extended resource with its domain, such as nvidia.com/gpu, found "gpu"',
        ],
    ],
    [
        "less than one device",
        [systemWith("tensorflow", "{ runtimes: { plain: { accelerators: { nvidia.com/gpu: 0 } } } }")],
        [
            'data-platform:systems.tensorflow.runtimes.plain.accelerators["nvidia.com/gpu"]: expected a whole number from 1 to 64, found 0',
        ],
    ],
    [
        "an endless grace period",
        [systemWith("tensorflow", "{ runtimes: { plain: { gracePeriod: 2d } } }")],
        ['data-platform:systems.tensorflow.runtimes.plain.gracePeriod: expected a time from 1s to 1d, found "2d"'],
    ],
    [
        "a number of restarts that is none",
        [systemWith("tensorflow", "{ runtimes: { plain: { restarts: often } } }")],
        [
            'data-platform:systems.tensorflow.runtimes.plain.restarts: expected a whole number from 0 to 1000, found "often"',
        ],
    ],
    [
        "a target set that is not there",
        [systemWith("tensorflow", "{ runtimes: { plain: { targets: nowhere } } }")],
        [
            'data-platform:systems.tensorflow.runtimes.plain.targets: expected a name from data-platform:targets (stateful | batch), found "nowhere"',
        ],
    ],
    [
        "a misspelt setting",
        [systemWith("tensorflow", "{ runtimes: { plain: { node: 2 } } }")],
        [
            "data-platform:systems.tensorflow.runtimes.plain.node: expected a known key (did you mean nodes?), found an unknown key",
        ],
    ],
    [
        "a job of a runtime that is not there",
        [job("runtime: other")],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.runtime: expected one of the runtimes (plain), found "other"',
        ],
    ],
    [
        "a job without nodes",
        [job("runtime: plain, nodes: 0")],
        [
            "data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.nodes: expected a whole number from 1 to 100, found 0",
        ],
    ],
    [
        "a variable that the runtime sets",
        [job("runtime: plain, env: { TF_CONFIG: { kind: value, value: x } }")],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.env.TF_CONFIG: expected a key that is a variable that the runtime does not set itself, found "TF_CONFIG"',
        ],
    ],
    [
        "a secret in the place of a variable, which is not shown",
        [job("runtime: plain, env: { KEY: hunter2 }")],
        [
            "data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.env.KEY: expected a map of settings, found a string",
        ],
    ],
    [
        "a volume where the scratch is",
        [job("runtime: plain, volumes: { data: { kind: claim, claimName: data, path: /tmp/data } }")],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.volumes.data.path: expected a path that the runtime does not use itself, found "/tmp/data"',
        ],
    ],
    [
        "a volume of the runtime's name",
        [job("runtime: plain, volumes: { tmp: { kind: claim, claimName: data, path: /data } }")],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.volumes.tmp: expected a key that is a name that the runtime does not use itself, found "tmp"',
        ],
    ],
    [
        "a volume from a node's disk",
        [job("runtime: plain, volumes: { data: { kind: hostPath, path: /data } }")],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.volumes.data.kind: expected claim | configMap | secret, found "hostPath"',
        ],
    ],
    [
        "a relative path",
        [job("runtime: plain, volumes: { data: { kind: claim, claimName: data, path: data } }")],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.volumes.data.path: expected an absolute path of letters, digits, ., _ and -, found "data"',
        ],
    ],
    [
        "an end that never comes",
        [job("runtime: plain, suspended: true, awaited: complete")],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.awaited: expected created while suspended, since nothing would ever end, found "complete"',
        ],
    ],
    [
        "a wait for something else",
        [job("runtime: plain, awaited: started")],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.awaited: expected created | complete, found "started"',
        ],
    ],
    [
        "no time to end",
        [job("runtime: plain, timeout: 1s")],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.timeout: expected a time of at least 1m, found "1s"',
        ],
    ],
    [
        "a deadline without a unit",
        [job("runtime: plain, deadline: 60")],
        [
            "data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.deadline: expected a time with its unit, such as 500ms, 60s, 5m, 2h or 1d, found 60",
        ],
    ],
    [
        "a job without a command",
        [
            systemWith(
                "tensorflow",
                "{ runtimes: { plain: {} }, jobNamespaces: { ml: { jobs: { fit: { runtime: plain, command: [] } } } } }",
            ),
        ],
        [
            "data-platform:systems.tensorflow.jobNamespaces.ml.jobs.fit.command: expected at least 1 entries, found an empty list",
        ],
    ],
    [
        "a job whose name starts with a digit",
        [
            systemWith(
                "tensorflow",
                "{ runtimes: { plain: {} }, jobNamespaces: { ml: { jobs: { 1st: { runtime: plain, command: [python] } } } } }",
            ),
        ],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.jobs["1st"]: expected a key that is a name of at most 40 lower-case letters, digits and -, a letter first, found "1st"',
        ],
    ],
    [
        "everybody as submitters",
        [
            systemWith(
                "tensorflow",
                "{ runtimes: { plain: {} }, jobNamespaces: { ml: { submitters: ['system:authenticated'] } } }",
            ),
        ],
        [
            'data-platform:systems.tensorflow.jobNamespaces.ml.submitters[0]: expected a group of named people, not one that everybody is in, found "system:authenticated"',
        ],
    ],
];

describe("A stack file that is wrong about tensorflow", () => itFindsEach(broken));
