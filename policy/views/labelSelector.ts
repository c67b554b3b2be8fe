import { fieldsAt, isFields, listAt, type Fields } from "./raw";

/**
 * Whether labels satisfy a selector (`matchLabels`, `matchExpressions`), as apimachinery's LabelSelectorAsSelector reads
 * it: none selects nothing, an empty one everything.
 */
export function selectorMatches(selector: unknown, labels: Fields): boolean {
    if (!isFields(selector)) {
        return false;
    }
    const wanted = fieldsAt(selector, "matchLabels");
    return (
        Object.keys(wanted).every((key) => labels[key] === wanted[key]) &&
        listAt(selector, "matchExpressions").every((expression) => isFields(expression) && holds(expression, labels))
    );
}

function holds({ key, operator, values }: Fields, labels: Fields): boolean {
    const value = labels[String(key)];
    const listed = Array.isArray(values) && values.includes(value);
    switch (operator) {
        case "In":
            return value !== undefined && listed;
        case "NotIn":
            return !listed;
        case "Exists":
            return value !== undefined;
        case "DoesNotExist":
            return value === undefined;
        default:
            return false;
    }
}

/** The keys that a selector asks for. */
export function selectorKeys(selector: Fields): string[] {
    return [
        ...Object.keys(fieldsAt(selector, "matchLabels")),
        ...listAt(selector, "matchExpressions").map((each) => String(isFields(each) ? each.key : undefined)),
    ];
}
