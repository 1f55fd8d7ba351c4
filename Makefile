# Everything a newcomer or an operator types. Prerequisites: make, Python 3.11 to 3.13 with venv.

PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
DEMO := DJANGO_SETTINGS_MODULE=autoprod.settings.dev AUTOPROD_HTTPS=no
BIND ?= 127.0.0.1:8000
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run check test serve install update format lock

help: ## dit ce que fait chaque commande
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: ## ouvre la démonstration sur http://127.0.0.1:8000 (PORT=… pour un autre port)
	@command -v $(PYTHON) >/dev/null || { echo "Python manque : apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) .ci/environment.py requirements-dev.lock
	@.ci/system.sh zones pango || echo "Sans ces paquets, les documents PDF et les heures locales manqueront."
	@echo "Démonstration : choisissez « Entrer comme… » sur la page. Ctrl-C arrête tout."
	@$(DEMO) $(MANAGE) serve --demo --bind 127.0.0.1:$(or $(PORT),8000)

check: ## contrôles et tests rapides, sur SQLite, sans navigateur
	@$(PYTHON) .ci/environment.py requirements-dev.lock
	@.ci/system.sh zones pango poppler
	@style=0; .ci/check.sh || style=1; .ci/quick.sh && exit $$style

test: ## tout : contrôles, tests sur SQLite et PostgreSQL, parcours dans un navigateur
	@.ci/test.sh

serve: install ## lance le service réel (BIND=… pour l’adresse), voir docs/exploitation.md
	@$(MANAGE) serve --bind $(BIND)

install: ## installe ce dont le service réel a besoin
	@$(PYTHON) .ci/environment.py requirements.lock
	@.ci/system.sh zones pango || echo "Sans ces paquets, les documents PDF et les heures locales manqueront."

update: install ## après une nouvelle version : sauvegarde, base, fichiers statiques (service arrêté)
	@$(MANAGE) update_installation

format: ## met le code en forme
	@$(PYTHON) .ci/environment.py requirements-dev.lock
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock: ## refait les fichiers de dépendances (demande uv)
	UV_PYTHON_DOWNLOADS=never uv lock --upgrade
	UV_PYTHON_DOWNLOADS=never uv export --quiet --no-header --format requirements-txt --no-dev --output-file requirements.lock
	UV_PYTHON_DOWNLOADS=never uv export --quiet --no-header --format requirements-txt --output-file requirements-dev.lock
