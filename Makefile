# Each target does all of its own set-up: packages from the lock file, tools into the cache outside the checkout.
ENVIRONMENT ?= qa

.DEFAULT_GOAL := rehearse
.PHONY: rehearse test check expected bench

# Rehearse an environment on this machine: make rehearse ENVIRONMENT=prod
rehearse: node_modules/.package-lock.json
	npx platform rehearse $(ENVIRONMENT) --yes

# Types, lint, format, unit tests and rehearsals of both environments.
test: node_modules/.package-lock.json
	npm test --silent

# The quick part of `make test`: types, lint, format.
check: node_modules/.package-lock.json
	npm run check --silent

# Rewrite the whole-program snapshots in tests/expected.
expected: node_modules/.package-lock.json
	npm run expected --silent

# Measure preview and update against a bare program.
bench: node_modules/.package-lock.json
	npm run bench --silent

node_modules/.package-lock.json: package.json package-lock.json automation/package.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@
