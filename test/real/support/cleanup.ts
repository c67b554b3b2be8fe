import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import { run } from "../../e2e/support/run";
import { movedText } from "./nginx";

/** Seconds in a day. */
export const day = 86_400;

/** The uploader's cleanup on this machine: a folder with `packages`, and with the script in `config`. */
export class CleanupRun {
    constructor(
        private readonly root: string,
        private readonly command: readonly string[],
    ) {
        fs.mkdirSync(join(root, "programs"), { recursive: true });
    }

    /** Where the packages are. */
    public get packages(): string {
        return join(this.root, "packages");
    }

    /** Puts a program before the machine's own of the same name. */
    public instead(program: string, script: string): void {
        fs.writeFileSync(join(this.root, "programs", program), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    }

    /**
     * One pass, as it would be after some days, and what it says. Nobody can set a file's change time, so the clock is set
     * instead. Where the script would wait for the next pass, it is asked to stop.
     */
    public async pass(days: number, signal = "TERM"): Promise<string> {
        this.instead("date", `[ "$*" = +%s ] && echo $(($(/bin/date +%s) + ${Math.round(days * day)}))`);
        this.instead("sleep", `kill -${signal} $PPID`);
        const [program, ...rest] = this.command.map((text) => movedText(text, this.root));
        const { code, stdout, stderr } = await run(program ?? "", rest, {
            environment: { ...process.env, PATH: `${join(this.root, "programs")}:${process.env["PATH"] ?? ""}` },
        });
        assert.deepEqual([code, stderr], [0, ""]);
        return stdout;
    }

    /** Writes files whose content is their name. */
    public write(...names: readonly string[]): void {
        for (const name of names) {
            fs.mkdirSync(join(this.packages, name, ".."), { recursive: true });
            fs.writeFileSync(join(this.packages, name), name);
        }
    }

    /** Sets when a file was last read, in days from now. */
    public read(name: string, days: number): void {
        const { mtime } = fs.statSync(join(this.packages, name));
        fs.utimesSync(join(this.packages, name), Date.now() / 1000 + days * day, mtime);
    }

    /** The files that are there. */
    public left(): readonly string[] {
        return fs
            .readdirSync(this.packages, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name).slice(this.packages.length + 1))
            .filter((name) => !name.startsWith(".cleanup/"))
            .sort();
    }
}
