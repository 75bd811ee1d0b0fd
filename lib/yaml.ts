import { stringify } from "yaml";

/**
 * YAML that reads the same everywhere and changes only where the value does: keys sorted, no aliases, no wrapped lines. Text that an
 * older reader would take for something else (`on`, `1:30`) is quoted, for Kubernetes and its tools read YAML 1.1.
 */
export function toYaml(value: unknown): string {
  return stringify(value, {
    version: "1.1",
    sortMapEntries: true,
    aliasDuplicateObjects: false,
    lineWidth: 0,
  });
}
