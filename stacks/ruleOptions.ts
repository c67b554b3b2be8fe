import type { CheckOptions } from "../policy/check";
import { settingsFromStack } from "../policy/stackSettings";
import type { StackConfig } from "./schema/sections";

/**
 * How the rules judge a stack, by its own file.
 *
 * @param now the clock that end dates of exemptions are compared with
 */
export function ruleOptionsOf(config: StackConfig, now: Date): CheckOptions {
    const { environment, policies } = config;
    return {
        tier: environment.tier,
        ...policies,
        settings: settingsFromStack(config, policies.settings),
        now,
    };
}
