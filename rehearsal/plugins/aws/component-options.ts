/**
 * The stand-ins for component plugins do a part of what the real components do. An option outside of that part is refused by its
 * name, so that nothing a program asks for is ever left out in silence.
 */
export function refuseUnknownOptions(
  component: string,
  args: object,
  known: readonly string[],
  file: string,
): void {
  for (const [option, value] of Object.entries(args)) {
    if (value !== undefined && !known.includes(option)) {
      throw new Error(
        `the stand-in for ${component} does not know the option "${option}"; add it to rehearsal/plugins/${file}`,
      );
    }
  }
}

/** Refuses a known option of a value that the stand-in does not follow. */
export function refuseOption(component: string, option: string, reason: string, file: string): never {
  throw new Error(
    `the stand-in for ${component} cannot follow the option "${option}": ${reason}; see rehearsal/plugins/${file}`,
  );
}
