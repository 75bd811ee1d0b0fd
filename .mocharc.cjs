// Mocha adds files named on the command line to `spec` instead of letting them replace it: so `spec` is only for a run without files.
const files = process.argv.slice(2).some((argument) => argument.endsWith(".ts"));

module.exports = {
  spec: files ? [] : ["tests/**/*.test.ts"],
  ignore: files ? [] : ["tests/**/*.engine.test.ts"],
  forbidOnly: process.env.CI !== undefined,
  timeout: 30_000,
  slow: 3_000,
};
