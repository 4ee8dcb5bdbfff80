"""Staff, their roles and their API tokens in the admin."""

import functools
import operator
from http import HTTPStatus
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from shop.db.errors import InvalidFields
from shop.staff import accounts, tokens
from shop.staff.admin_forms import TokenForm
from shop.staff.models import ApiToken, User
from shop.web.admin import ShopAdmin, retry_post


@admin.register(User)
class UserAdmin(ShopAdmin, auth_admin.UserAdmin):  # type: ignore[type-arg]
    """Django's admin of users. Only members of the group "admin" may use the admin site."""

    actions = ()
    search_fields = ShopAdmin.search_fields
    search_help_text = "A part of the user's name or email address."
    readonly_fields = ("is_staff", "last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Lets only superusers make superusers, and grant permissions apart from roles."""
        if request.user.is_superuser:
            return self.readonly_fields
        return (*self.readonly_fields, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuses to change an account with more rights: its password could then be set, and used."""
        if obj is not None and not accounts.may_act_for(cast(User, request.user), obj):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuses every time: orders refer to accounts. An account is made inactive instead."""
        return False

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[User]:
        named = [Q(**{f"{field}__icontains": typed}) for field in auth_admin.UserAdmin.search_fields]
        matches: models.QuerySet[User] = rows.filter(functools.reduce(operator.or_, named))
        return matches

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        accounts.update_admin_access.inside(user_id=form.instance.pk)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offers and accepts only roles whose rights the user has too."""
        if db_field.name == "groups":
            roles = [
                role.pk for role in Group.objects.all() if accounts.may_give(cast(User, request.user), role)
            ]
            kwargs["queryset"] = Group.objects.filter(pk__in=roles)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @retry_post
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 (Django's)
        """Ends the API tokens of the account when its password is changed."""
        response = super().user_change_password(request, id, form_url)
        user = self.get_object(request, unquote(id))
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND and user:
            tokens.end_tokens(user_id=user.pk)
        return response


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(ShopAdmin, auth_admin.GroupAdmin):
    """Django's admin of groups. A migration makes the roles that code and pages need."""

    actions = ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuses to change a role with more rights than the user has."""
        if obj is not None and not accounts.may_give(cast(User, request.user), obj):
            return False
        return super().has_change_permission(request, obj)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offers and accepts only rights that the user has too."""
        if db_field.name == "permissions" and not request.user.is_superuser:
            own = Q(user=request.user) | Q(group__user=request.user)
            kwargs["queryset"] = Permission.objects.filter(own).distinct()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[Group]:
        matches: models.QuerySet[Group] = rows.filter(name__icontains=typed)
        return matches


@admin.register(ApiToken)
class ApiTokenAdmin(ShopAdmin):
    """Shows a token only when it is made. Tokens are revoked, not deleted."""

    form = TokenForm
    actions = ("revoke",)
    list_display = ("user", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "A part of the user's name."
    fields = ("user",)
    TIMES = ("created_at", "last_used_at", "expires_at", "revoked_at")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("user", *self.TIMES) if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.TIMES if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[ApiToken]:
        matches: models.QuerySet[ApiToken] = rows.filter(user__username__icontains=typed)
        return matches

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        if not accounts.may_act_for(cast(User, request.user), obj.user):
            raise InvalidFields({"user": f"{obj.user} may do more than you. A superuser makes this token."})
        token = tokens.create_token.inside(user=obj.user)
        obj.pk = ApiToken.objects.values_list("pk", flat=True).get(token_hash=tokens.hash_token(token))
        self.message_user(request, f"Copy this token now, it is not shown again: {token}", messages.WARNING)

    @admin.action(permissions=["revoke"], description="Revoke selected API tokens")
    def revoke(self, request: HttpRequest, queryset: models.QuerySet[ApiToken]) -> None:
        def revoke(token: ApiToken) -> None:
            tokens.revoke_token.inside(token_id=token.pk)
            self.log_change(request, token, "Revoked.")

        self.run_action(request, queryset, "revoked", revoke)
