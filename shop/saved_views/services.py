"""Every write to saved views."""

from shop.db.errors import NotFound
from shop.db.transactions import retried_transaction
from shop.saved_views.errors import TooManyViews, ViewNameTaken
from shop.saved_views.models import SavedView

#: Most views of one list that a member of staff can have, and most shared views of it.
MAX_VIEWS = 20


@retried_transaction
def save_view(*, noun: str, name: str, query: str, owner_id: int | None) -> SavedView:
    """Saves `query` under a name; replaces the query of a view with this name. `owner_id` None: shared.

    Raises TooManyViews.
    """
    own = SavedView.objects.filter(noun=noun).of_owner(owner_id)
    view = own.select_for_update().filter(name=name).first()
    if view is None:
        if own.count() >= MAX_VIEWS:
            raise TooManyViews(MAX_VIEWS, is_shared=owner_id is None)
        return SavedView.objects.create(noun=noun, name=name, query=query, owner_id=owner_id)
    if view.query != query:
        view.query = query
        view.save(update_fields=["query"])
    return view


@retried_transaction
def rename_view(*, view_id: int, owner_id: int | None, name: str) -> SavedView:
    """Gives one of the owner's views another name.

    Raises NotFound, ViewNameTaken.
    """
    view = SavedView.objects.of_owner(owner_id).select_for_update().filter(pk=view_id).first()
    if view is None:
        raise NotFound("view")
    if view.name == name:
        return view
    if SavedView.objects.filter(noun=view.noun, name=name).of_owner(owner_id).exists():
        raise ViewNameTaken(name)
    view.name = name
    view.save(update_fields=["name"])
    return view


@retried_transaction
def delete_view(*, view_id: int, owner_id: int | None) -> None:
    """Deletes one of the owner's views; does nothing when it is already gone."""
    SavedView.objects.of_owner(owner_id).filter(pk=view_id).delete()
