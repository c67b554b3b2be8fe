import { stringify } from "yaml";

/** YAML of plain values as Heron's parsers read it, which know version 1.1: `on` and `12:30` are no strings there unless quoted. */
export function heronYaml(value: object): string {
    return stringify(value, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false, version: "1.1" });
}
