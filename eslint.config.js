import tseslint from "typescript-eslint";

const layers = ["infra", "mesh", "apps", "argocd"];

export default tseslint.config(
  { ignores: ["node_modules", ".rehearsal", "gitops"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/require-await": "off",
    },
  },
  // A layer knows the layers to its left by their contracts alone; the same holds for everything that imports a layer from outside.
  ...layers.map((layer) => ({
    files: [`${layer}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            ...layers
              .filter((other) => other !== layer)
              .map((other) => ({
                regex: `^\\.\\./(.*/)?${other}/(?!contract\\.ts$)`,
                message: `A layer imports nothing of ${other} but its contract.ts.`,
              })),
            { regex: "^\\.\\./(\\.\\./)?(automation|rehearsal|tests)/", message: "The program knows nothing of its tools." },
          ],
        },
      ],
    },
  })),
  {
    files: ["systems/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: "^(@pulumi/|\\.\\./(?!lib/errors\\.ts$))", message: "systems/ is pure data: nothing of the cloud." }] },
      ],
    },
  },
  {
    // mocha's `it` and `describe` return values that nobody awaits.
    files: ["tests/**/*.ts"],
    rules: { "@typescript-eslint/no-unsafe-argument": "off", "@typescript-eslint/no-unsafe-assignment": "off", "@typescript-eslint/no-unsafe-member-access": "off" },
  },
);
