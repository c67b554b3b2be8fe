import { fitsOne } from "./glob";
import { elements } from "./podSecurity";
import { type Fields, fieldsAt, isFields } from "./raw";

/** The labels of pods; a value may hold `*` for any text, where it is only decided when the pods start. */
export type PodLabels = Readonly<Record<string, string>>;

/** Whether a selector chooses every pod. */
export function selectsAll(selector: Fields): boolean {
    return (
        Object.keys(fieldsAt(selector, "matchLabels")).length === 0 &&
        elements(selector, "matchExpressions").length === 0
    );
}

/** Whether a label selector (matchLabels and matchExpressions) chooses pods with these labels. */
export function selectsPods(selector: Fields, labels: PodLabels): boolean {
    const matchLabels = fieldsAt(selector, "matchLabels");
    const has = (key: string, value: unknown): boolean => {
        const pattern = labels[key];
        return pattern !== undefined && fitsOne([pattern], String(value));
    };
    return (
        Object.keys(matchLabels).every((key) => has(key, matchLabels[key])) &&
        elements(selector, "matchExpressions").every((expression) => {
            const fields = isFields(expression) ? expression : {};
            const key = String(fields.key);
            const values = elements(fields, "values");
            switch (fields.operator) {
                case "In":
                    return values.some((value) => has(key, value));
                case "NotIn":
                    return !values.some((value) => value === labels[key]);
                case "Exists":
                    return key in labels;
                case "DoesNotExist":
                    return !(key in labels);
                default:
                    return false;
            }
        })
    );
}
