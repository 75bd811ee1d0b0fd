/** Zones that differ from the first three letters. */
const letters: Readonly<Record<string, string>> = {
  "us-east-1": "abcdef",
  "us-west-1": "ac",
  "us-west-2": "abcd",
  "ca-central-1": "abd",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
};

const directions: Readonly<Record<string, string>> = {
  north: "n",
  south: "s",
  east: "e",
  west: "w",
  central: "c",
  northeast: "ne",
  northwest: "nw",
  southeast: "se",
  southwest: "sw",
};

export interface Zone {
  name: string;
  /** The same for all accounts, as the name is not: `aps1-az1`. */
  id: string;
}

/** The availability zones of a region, by name. */
export function zonesOf(region: string): Zone[] {
  return [...(letters[region] ?? "abc")].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${shortName(region)}-az${index + 1}`,
  }));
}

/** `ap-south-1` → `aps1`. */
function shortName(region: string): string {
  const parts = region.split("-");
  const number = parts.pop() ?? "";
  return parts.map((part) => directions[part] ?? part).join("") + number;
}
