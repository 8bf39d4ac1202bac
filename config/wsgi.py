import os

from django.core.wsgi import get_wsgi_application

from config.start import refuse_unsafe_start
from core.database.start import refuse_bypassing_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
refuse_unsafe_start()
refuse_bypassing_role()
