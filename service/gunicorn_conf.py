"""gunicorn's configuration, for those who start it themselves.

gunicorn --config python:service.gunicorn_conf 'service.app:create_app()'
"""

from service.server import options
from service.settings import Settings

globals().update(options(Settings.from_env()))
