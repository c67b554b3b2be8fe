/** Where the proxy listens: a pod without root can't open ports below 1024. */
export const plainPort = 8080;
export const tlsPort = 8443;

/** Answers without authentication, for probes; a backend's page of this name can't be reached. */
export const healthPath = "/healthz";

/** What the proxy reads, and the one folder that it may write. */
export const proxyDirectories = {
    /** Holds `tls.crt` and `tls.key`. */
    tls: "/etc/proxy/tls",
    /** Holds `htpasswd`. */
    login: "/etc/proxy/login",
    /** Holds `ca.crt`: whom to trust as the backend. */
    backend: "/etc/proxy/backend",
    /** For the pid, and for folders that nginx makes and hardly uses. */
    scratch: "/tmp",
} as const;

/** The authorities that every system trusts: the image's own (package ca-certificates of Debian). */
const systemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

/** Who is let in. */
export type ProxyAuthentication =
    | { readonly kind: "password"; readonly realm: string }
    | { readonly kind: "forward"; readonly url: string; readonly signInUrl?: string | undefined }
    | { readonly kind: "none" };

export interface ProxyConf {
    readonly port: number;
    /** Whether the proxy itself speaks TLS. */
    readonly tls: boolean;
    /** How browsers connect: to the proxy, or to what stands in front of it. */
    readonly publicScheme: "http" | "https";
    /** Whether something stands in front that says whom it forwards for. */
    readonly behindAnother: boolean;
    readonly authentication: ProxyAuthentication;
    readonly backend: { readonly scheme: "http" | "https"; readonly host: string; readonly port: number };
    /** Bytes. */
    readonly maxBodySize: number;
    /** Seconds that a connection may be silent. */
    readonly timeout: number;
}

type Lines = readonly string[];

const authenticationPath = "/.proxy-authentication";

/**
 * The whole `nginx.conf` of the proxy. It replaces the image's, which starts a worker for each core of the node whatever
 * the container may use, and whose log lines hold query strings.
 *
 * Password file and certificate are read anew for each request and each handshake (ngx_http_auth_basic_module opens the
 * file in its handler; `ssl_certificate` with a variable since 1.15.9), so a renewed one needs no restart. What the
 * backend is trusted by is read at the start.
 */
export function proxyConf(given: ProxyConf): string {
    const { scratch } = proxyDirectories;
    return text([
        "daemon off;",
        `pid ${scratch}/nginx.pid;`,
        "error_log stderr warn;",
        "worker_processes 2;",
        // WebSockets would hold an old worker until they end by themselves.
        `worker_shutdown_timeout ${shutdownSeconds}s;`,
        "",
        ...block("events", ["worker_connections 1024;"]),
        "",
        ...block("http", [
            ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
                (kind) => `${kind}_temp_path ${scratch}/${kind};`,
            ),
            "",
            // No query string: it may hold a token. (nginx's own lines about errors hold the whole request.)
            `log_format plain '$remote_addr - $remote_user [$time_iso8601] "$request_method $uri" $status '`,
            `                 '$body_bytes_sent $request_time "$http_x_forwarded_for"';`,
            "access_log /dev/stdout plain;",
            "server_tokens off;",
            "",
            ...block("map $http_upgrade $connection_upgrade", ["default upgrade;", '"" close;']),
            // A file name with a variable is read at each handshake, a fixed one only at the start.
            ...(given.tls ? block("map $ssl_server_name $tls_files", ["default tls;"]) : []),
            "",
            ...block("server", serverLines(given)),
        ]),
    ]);
}

/** Seconds that connections may take to end once the proxy is asked to stop. */
export const shutdownSeconds = 20;

function serverLines(given: ProxyConf): Lines {
    const { backend, authentication, maxBodySize, timeout } = given;
    return [
        ...listenLines(given),
        `client_max_body_size ${maxBodySize};`,
        // Single sign-on keeps its session in cookies, which may be more than the usual 8k.
        "large_client_header_buffers 4 32k;",
        "proxy_buffer_size 32k;",
        "proxy_buffers 8 32k;",
        // Uploads, logs and event streams pass as they come, and nothing is kept on the small disk.
        "proxy_request_buffering off;",
        "proxy_buffering off;",
        "proxy_http_version 1.1;",
        "proxy_connect_timeout 5s;",
        `proxy_read_timeout ${timeout}s;`,
        `proxy_send_timeout ${timeout}s;`,
        "",
        ...block(`location = ${healthPath}`, ["access_log off;", "default_type text/plain;", 'return 200 "ok\\n";']),
        ...(authentication.kind === "forward" ? authenticationLocation(given, authentication.url) : []),
        "",
        ...block("location /", [
            ...authenticationLines(given),
            `proxy_pass ${backend.scheme}://${backend.host}:${backend.port};`,
            "proxy_set_header Host $http_host;",
            ...forwardedLines(given),
            "proxy_set_header Upgrade $http_upgrade;",
            "proxy_set_header Connection $connection_upgrade;",
            // The password is the proxy's: no backend learns it.
            ...(authentication.kind === "password" ? ['proxy_set_header Authorization "";'] : []),
            ...(backend.scheme === "https" ? verifiedBy(`${proxyDirectories.backend}/ca.crt`) : []),
        ]),
    ];
}

function listenLines(given: ProxyConf): Lines {
    const { tls } = proxyDirectories;
    return given.tls
        ? [
              `listen ${given.port} ssl default_server;`,
              `ssl_certificate ${tls}/$tls_files.crt;`,
              `ssl_certificate_key ${tls}/$tls_files.key;`,
              "ssl_protocols TLSv1.2 TLSv1.3;",
              "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;",
              "ssl_session_cache shared:tls:1m;",
              "ssl_session_tickets off;",
          ]
        : [`listen ${given.port} default_server;`];
}

function authenticationLines(given: ProxyConf): Lines {
    const { authentication } = given;
    switch (authentication.kind) {
        case "password":
            return [
                `auth_basic "${authentication.realm}";`,
                `auth_basic_user_file ${proxyDirectories.login}/htpasswd;`,
            ];
        case "forward":
            return [
                `auth_request ${authenticationPath};`,
                // The server renews its session by a cookie of its answer.
                "auth_request_set $session_cookie $upstream_http_set_cookie;",
                "add_header Set-Cookie $session_cookie always;",
                ...(authentication.signInUrl === undefined ? [] : [`error_page 401 ${authentication.signInUrl};`]),
            ];
        case "none":
            return [];
    }
}

function authenticationLocation(given: ProxyConf, url: string): Lines {
    const { origin, protocol, pathname, search } = new URL(url);
    return block(`location = ${authenticationPath}`, [
        "internal;",
        // With a path of its own, or nginx would ask for this location's.
        `proxy_pass ${origin}${pathname}${search};`,
        "proxy_pass_request_body off;",
        'proxy_set_header Content-Length "";',
        `proxy_set_header X-Original-URL ${given.publicScheme}://$http_host$request_uri;`,
        "proxy_set_header X-Original-Method $request_method;",
        "proxy_set_header X-Forwarded-Uri $request_uri;",
        ...forwardedLines(given),
        "proxy_read_timeout 10s;",
        ...(protocol === "https:" ? verifiedBy(systemAuthorities) : []),
    ]);
}

/** What the next server is told about the browser. */
function forwardedLines({ behindAnother, publicScheme }: ProxyConf): Lines {
    return [
        // At the edge whatever the browser says about itself is left out.
        `proxy_set_header X-Forwarded-For ${behindAnother ? "$proxy_add_x_forwarded_for" : "$remote_addr"};`,
        `proxy_set_header X-Forwarded-Proto ${publicScheme};`,
        "proxy_set_header X-Forwarded-Host $http_host;",
        'proxy_set_header Forwarded "";',
    ];
}

function verifiedBy(authorities: string): Lines {
    return [
        "proxy_ssl_verify on;",
        `proxy_ssl_trusted_certificate ${authorities};`,
        "proxy_ssl_server_name on;",
        "proxy_ssl_protocols TLSv1.2 TLSv1.3;",
    ];
}

function block(head: string, lines: Lines): Lines {
    return [`${head} {`, ...lines.map((line) => (line === "" ? line : `    ${line}`)), "}"];
}

function text(lines: Lines): string {
    return lines.map((line) => `${line}\n`).join("");
}
