"""People who log in: staff who may see every count and transcript, and what else a test gives them."""

from django.contrib.auth.models import Permission, User


def researcher(name: str, *permissions: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["see_small_cells", *permissions]))
    return user
