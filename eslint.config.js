import tseslint from "typescript-eslint";

const layers = ["infra", "mesh", "apps", "argocd"];
const anyLayer = `(${layers.join("|")})`;

const noTools = {
  regex: "^(\\.\\./)+(automation|rehearsal|bench|tests)/",
  message: "The program knows nothing of its tools.",
};
const noOwnLayer = {
  regex: "^(\\./|\\.\\./)+layer\\.ts$",
  message: "Only an entry point imports layer.ts.",
};
const onlyContractOf = (layer) => ({
  regex: `^(\\.\\./)+${layer}/(?!contract\\.ts$)`,
  message: `Another layer imports nothing of ${layer} but its contract.ts.`,
});

/** Refuses imports by their address, be they static or made while running. */
function refuse(...patterns) {
  return {
    "no-restricted-imports": ["error", { patterns }],
    "no-restricted-syntax": [
      "error",
      ...patterns.map(({ regex, message }) => ({
        // A slash would end the selector's expression.
        selector: `ImportExpression > Literal[value=/${regex.replaceAll("/", "\\x2F")}/]`,
        message,
      })),
    ],
  };
}

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
  {
    files: ["systems/**/*.ts"],
    rules: refuse({
      regex: "^(?!\\./|\\.\\./lib/errors\\.ts$)",
      message: "systems/ is pure data: it knows itself and how to fail.",
    }),
  },
  {
    files: ["lib/**/*.ts"],
    rules: refuse({ regex: `^(\\.\\./)+${anyLayer}/`, message: "lib/ knows no layer." }, noTools),
  },
  // A layer knows other layers by their contracts alone. Its class is for entry points: its own, the root's, and those of tests and
  // bench, which build layers in their own ways.
  ...layers.flatMap((layer) => {
    const others = layers.filter((other) => other !== layer).map(onlyContractOf);
    return [
      { files: [`${layer}/**/*.ts`], rules: refuse(...others, noOwnLayer, noTools) },
      { files: [`${layer}/index.ts`], rules: refuse(...others, noTools) },
    ];
  }),
  {
    files: ["index.ts"],
    rules: refuse(
      {
        regex: `^\\./${anyLayer}/(?!(config|contract|layer)\\.ts$)`,
        message: "The composed program builds each layer from its config.ts, contract.ts and layer.ts.",
      },
      { regex: "^\\./(automation|rehearsal|bench|tests)/", message: noTools.message },
    ),
  },
  {
    files: ["automation/**/*.ts", "rehearsal/**/*.ts"],
    rules: refuse({
      regex: `^(\\.\\./)+${anyLayer}/(?!(config|contract|render)\\.ts$)`,
      message: "Tools know a layer by its config.ts, contract.ts and render.ts.",
    }),
  },
  {
    // mocha's `it` and `describe` return values that nobody awaits.
    files: ["tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
);
