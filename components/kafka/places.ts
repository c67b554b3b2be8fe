/** User and group of the image (`adduser -D appuser`, the first id that it gives). */
export const kafkaUser = 1000;

/** Ports of the listeners. */
export const ports = { replication: 9091, client: 9092, controller: 9093, external: 9094 } as const;

/** Port of the exporter (kafka_exporter's default). */
export const exporterPort = 9308;

/** Where the image's scripts and the server look for things; tests put other folders in their place. */
export const places = {
    /** The image's installation. */
    home: "/opt/kafka",
    /** Where the image's start script takes `server.properties` and `log4j2.yaml` from. */
    mounted: "/mnt/shared/config",
    /** Certificates: PEM files. */
    certificates: "/etc/kafka/secrets",
    /** The volume. */
    volume: "/var/lib/kafka/data",
    /** Below the volume's root, whose `lost+found` would stop a broker: it takes every folder for a partition. */
    logs: "/var/lib/kafka/data/logs",
    /** The gate and the client configuration that it uses. */
    scripts: "/scripts",
} as const;

/** Files of certificate Secrets. */
export const certificateFiles = { keystore: "keystore.pem", authorities: "ca.crt" } as const;
