/**
 * Leaves stack traces as they are. The SDK's launcher maps every one through source maps, and the SDK takes one for every promise it
 * makes: most of what a program allocates, which cost a hundred megabytes here. A program that runs as it was written has nothing
 * to map. Call it before the first resource.
 */
export function plainStackTraces(): void {
  Reflect.deleteProperty(Error, "prepareStackTrace");
}
