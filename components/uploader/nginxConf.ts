import { parseQuantity } from "../foundation/quantity";
import { seconds } from "../foundation/values";

export const httpPort = 8080;

/** Where the packages are: the folder of the image, and the one that Twister2's client copies to. */
export const packagesDirectory = "/usr/share/nginx/html";
/** Where `nginx.conf` and the cleanup are. */
export const configDirectory = "/etc/uploader";
/** Where the file with the users is. */
export const loginDirectory = "/etc/uploader-login";
export const htpasswdFile = "htpasswd";

/** Scratch space for the pid, and for folders that nginx makes and doesn't use. */
export const scratchDirectory = "/tmp";
export const scratchSize = "16Mi";

/**
 * Uploads under way. In the volume, so that a finished one is renamed and never copied: nobody sees a part of it. Not
 * served, for its name begins with a dot.
 */
const uploadsDirectory = `${packagesDirectory}/.uploads`;

/** Enough to read from the volume while one waits for its disk; `auto` would start one for each core of the node. */
const workers = 4;

/**
 * The whole `nginx.conf`. It replaces the image's, of which it would have to repeat the places that can be written on a
 * read-only root anyway; the image's file also starts a worker for each core of the node, whatever the container's limit.
 *
 * @param settings of the server
 */
export function nginxConf(settings: {
    readonly maxUploadSize: string;
    readonly transferTimeout: string;
    readonly writing: { readonly kind: "generated" | "existing" | "none" };
}): string {
    const writable = settings.writing.kind !== "none";
    const uploads = [
        `client_max_body_size ${parseQuantity(settings.maxUploadSize)};`,
        `client_body_temp_path ${uploadsDirectory};`,
        "dav_methods PUT DELETE;",
        "create_full_put_path on;",
        "limit_except GET {",
        '    auth_basic "packages";',
        `    auth_basic_user_file ${loginDirectory}/${htpasswdFile};`,
        "}",
    ];
    return `daemon off;
pid ${scratchDirectory}/nginx.pid;
error_log stderr warn;
worker_processes ${workers};
worker_shutdown_timeout ${seconds(settings.transferTimeout)}s;

events {
    worker_connections 1024;
}

http {
    client_body_temp_path ${scratchDirectory}/client_body;
    proxy_temp_path ${scratchDirectory}/proxy;
    fastcgi_temp_path ${scratchDirectory}/fastcgi;
    uwsgi_temp_path ${scratchDirectory}/uwsgi;
    scgi_temp_path ${scratchDirectory}/scgi;

    access_log /dev/stdout;
    # Clients ask until a package is there; the access log says so already.
    log_not_found off;
    server_tokens off;
    sendfile on;

    # Packages are bytes: no browser shall run what somebody uploaded.
    types { }
    default_type application/octet-stream;
    add_header X-Content-Type-Options nosniff always;

    server {
        listen ${httpPort} default_server;
        root ${packagesDirectory};
        autoindex off;
        # A package that is a link could show the server's other files.
        disable_symlinks on from=$document_root;

        # Answers on an empty volume too, where / does not.
        location = /healthz {
            access_log off;
            limit_except GET { deny all; }
            default_type text/plain;
            return 200 "ok\\n";
        }

        # Uploads under way, other hidden files, and folders: no listing, and no deletion of all that is in one.
        location ~ /(\\.|$) {
            deny all;
        }

        location / {
${indented(writable ? uploads : ["limit_except GET { deny all; }"])}
        }
    }
}
`;
}

/** One user in the file of users. */
export function htpasswdLine(username: string, hash: string): string {
    return `${username}:${hash}\n`;
}

function indented(lines: readonly string[]): string {
    return lines.map((line) => `            ${line}`).join("\n");
}

/**
 * Starts the server. Parts of uploads that a kill left behind are of no use to anybody, and nginx never removes them. The
 * image's own entry point is left out: all that it does is rewrite the configuration.
 */
export const serverCommand: readonly string[] = [
    "bash",
    "-c",
    `rm -rf ${uploadsDirectory}; exec nginx -e stderr -c ${configDirectory}/nginx.conf`,
];
