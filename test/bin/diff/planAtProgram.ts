import { planAt } from "../../../bin/diff/base";

/** Plans a stack at a revision and prints the answer: a process of its own, which a test can interrupt. */
const [project = "", revision = "", stack = ""] = process.argv.slice(2);
planAt(project, revision, { name: stack, file: `stacks/Pulumi.${stack}.yaml` }).then(
    (answer) => process.stdout.write(JSON.stringify(answer)),
    (error: unknown) => {
        process.stderr.write(error instanceof Error ? error.message : String(error));
        process.exitCode = 1;
    },
);
