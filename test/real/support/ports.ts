import { createServer } from "node:net";
import { at } from "../../support/plans";

/** Ports that nobody listens on, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
    const servers = await Promise.all(
        Array.from({ length: count }, async () => {
            const server = createServer();
            await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
            return server;
        }),
    );
    const ports = servers.map((server) => Number(at(server.address(), "port")));
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    return ports;
}
