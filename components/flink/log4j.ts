import { paths } from "./session";

/**
 * How much of a log file is kept: what fits into {@link logSize} with room for the compressed start of the next. Flink's
 * own is ten files of 100 MB, which fill a node.
 */
const rolled = { size: "20MB", files: 5 } as const;

/** Size of the volume for logs. */
export const logSize = "256Mi";

/** What one line of the log holds, as in the image's own log4j-console.properties. */
const pattern = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n";

/** Seconds between two looks at the file, for a change of levels without a restart. */
const monitorInterval = 30;

/** Loggers that say nothing useful at the root's level. */
const quiet: Readonly<Record<string, string>> = {
    // It warns of every connection that a client closes (flink-dist, log4j-console.properties).
    "org.jboss.netty.channel.DefaultChannelPipeline": "OFF",
};

/**
 * Text of log4j-console.properties (log4j 2): everything goes to the console, for kubectl logs, and into a file, which
 * the UI shows.
 */
export function logText(given: {
    readonly logLevel: string;
    readonly logLevels: Readonly<Record<string, string>>;
}): string {
    const layout = (appender: string) => [
        `appender.${appender}.layout.type = PatternLayout`,
        `appender.${appender}.layout.pattern = ${pattern}`,
    ];
    const loggers = Object.entries({ ...quiet, ...given.logLevels })
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([name, level], index) => [`logger.l${index}.name = ${name}`, `logger.l${index}.level = ${level}`]);
    return [
        `monitorInterval = ${monitorInterval}`,
        `rootLogger.level = ${given.logLevel}`,
        "rootLogger.appenderRef.console.ref = ConsoleAppender",
        "rootLogger.appenderRef.rolling.ref = RollingFileAppender",
        ...loggers,
        "appender.console.name = ConsoleAppender",
        "appender.console.type = CONSOLE",
        ...layout("console"),
        "appender.rolling.name = RollingFileAppender",
        "appender.rolling.type = RollingFile",
        "appender.rolling.append = true",
        `appender.rolling.fileName = \${sys:log.file:-${paths.log}/flink.log}`,
        `appender.rolling.filePattern = \${sys:log.file:-${paths.log}/flink.log}.%i`,
        ...layout("rolling"),
        "appender.rolling.policies.type = Policies",
        "appender.rolling.policies.size.type = SizeBasedTriggeringPolicy",
        `appender.rolling.policies.size.size = ${rolled.size}`,
        "appender.rolling.strategy.type = DefaultRolloverStrategy",
        `appender.rolling.strategy.max = ${rolled.files}`,
        "",
    ].join("\n");
}
