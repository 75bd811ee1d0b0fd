/** A value somewhere inside a resource's inputs. */
export interface Leaf {
  /** e.g. `spec.template.metadata.labels.app`. */
  path: string;
  /** Last map key on the way, e.g. `app`. */
  key: string;
  value: unknown;
}

/** Every value that is not a map or a list; JSON texts are opened. */
export function leaves(value: unknown, path = "", key = ""): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, `${path}[${index}]`, key));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, item]) =>
      leaves(item, path === "" ? name : `${path}.${name}`, name),
    );
  }
  const opened = typeof value === "string" ? parsed(value) : undefined;
  return opened === undefined ? [{ path, key, value }] : leaves(opened, path, key);
}

/** A statement of a policy, wherever it stands in the inputs. */
export interface Statement {
  path: string;
  effect: string;
  actions: string[];
  /** Everything but the actions that the statement applies to. */
  notActions: string[];
  resources: string[];
  principals: string[];
  conditions: unknown;
}

/** Every statement of every policy in the inputs. */
export function statements(value: unknown, path = ""): Statement[] {
  if (typeof value === "string") {
    const opened = parsed(value);
    return opened === undefined ? [] : statements(opened, path);
  }
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => statements(item, `${path}[${index}]`));
  const map = value as Record<string, unknown>;
  const own = typeof map["Effect"] === "string" ? [statementOf(map, path)] : [];
  return [
    ...own,
    ...Object.entries(map).flatMap(([key, item]) => statements(item, path === "" ? key : `${path}.${key}`)),
  ];
}

function statementOf(map: Record<string, unknown>, path: string): Statement {
  const principal = map["Principal"];
  return {
    path,
    effect: String(map["Effect"]),
    actions: texts(map["Action"]),
    notActions: texts(map["NotAction"]),
    resources: texts(map["Resource"]),
    principals:
      typeof principal === "object" && principal !== null
        ? Object.values(principal).flatMap(texts)
        : texts(principal),
    conditions: map["Condition"],
  };
}

function texts(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** The map or list that a JSON text holds. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
