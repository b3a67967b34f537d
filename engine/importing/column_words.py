"""What columns are called in files that people have: names → what they hold."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["PERSONAL", "bare", "fits", "is_personal"]

NAMES: dict[str, tuple[str, ...]] = {
    "person": (
        "user_id", "userid", "user", "customer_id", "customerid", "customer", "household_id",
        "household_key", "household", "hshd_num", "member_id", "memberid", "member", "visitor_id",
        "visitorid", "anonymous_id", "anonymousid", "client_id", "clientid", "person_id", "person",
        "account_id", "reviewer_id", "reviewerid", "profile_id", "profileid", "listener_id",
        "viewer_id", "reader_id", "shopper_id", "subscriber_id", "cookie_id", "device_id",
        "session_id", "sessionid", "uid", "msno", "patron_id", "buyer_id", "guest_id", "uuid",
        "user_name", "username", "reviewer", "author_id", "email", "profile_name",
        "review_profilename", "client", "kunde", "kundennummer", "kunden_nr", "kunden_id", "kdnr",
        "benutzer", "benutzer_id", "nutzer", "nutzer_id", "haushalt_id", "klant", "klantnummer",
        "klant_id", "gebruiker", "id_client", "code_client", "numero_client", "utilisateur",
        "cliente", "id_cliente", "codigo_cliente", "usuario", "id_usuario", "utente", "id_utente",
    ),
    "item": (
        "item_id", "itemid", "item", "product_id", "productid", "product", "product_num",
        "stock_code", "stockcode", "sku", "asin", "parent_asin", "movie_id", "movieid", "movie",
        "film_id", "book_id", "bookid", "isbn", "work_id", "track_id", "trackid", "track",
        "song_id", "songid", "song", "artist_id", "artistid", "artist", "album_id", "article_id",
        "articleid", "news_id", "newsid", "content_id", "contentid", "video_id", "videoid",
        "show_id", "anime_id", "game_id", "appid", "app_id", "business_id", "recipe_id", "iid",
        "listing_id", "offer_id", "course_id", "poi_id", "upc", "ean", "gtin", "material",
        "click_article_id", "beer_id", "beer_beerid", "venue_id", "location_id", "campaign",
        "track_uri",
        "spotify_track_uri", "track_name", "song_name", "game_name", "artist_name", "title", "name",
        "artikel", "artikelnummer", "artikel_nr", "artikel_id", "produkt", "produkt_id",
        "produktnummer", "buch_id", "produit", "id_produit", "code_produit", "code_article",
        "article", "producto", "id_producto", "codigo_producto", "articulo", "id_articulo",
        "prodotto", "id_prodotto", "articolo", "product_code",
    ),
    "time": (
        "timestamp", "time", "datetime", "date", "unix_time", "unixtime", "unix_timestamp",
        "unixreviewtime", "invoice_date", "invoicedate", "order_date", "orderdate", "purchase_date",
        "transaction_date", "trans_date", "created_at", "createdat", "created", "event_time",
        "eventtime", "occurred_at", "rated_at", "date_added", "t_dat", "click_timestamp",
        "event_timestamp", "ts", "played_at", "watched_at", "review_date", "reviewtime", "day",
        "when", "at", "event_date", "order_number", "week_no", "read_at", "listened_at",
        "purchased", "year_month", "yyyymm", "period", "year_week", "week", "datum", "bestelldatum",
        "kaufdatum", "rechnungsdatum", "zeitpunkt", "zeitstempel", "besteldatum", "aankoopdatum",
        "date_achat", "date_commande", "date_facture", "fecha", "fecha_compra", "fecha_pedido",
        "data_acquisto", "data_ordine",
    ),
    "value": (
        "rating", "ratings", "overall", "stars", "score", "value", "plays", "playcount",
        "play_count", "listen_count", "listens", "count", "quantity", "qty", "units", "amount",
        "weight", "watch_ratio", "watch_time", "watched_seconds", "seconds", "seconds_watched",
        "duration", "duration_seconds", "dwell_time", "dwell_time_seconds", "ms_played", "minutes",
        "hours", "spend", "sales_value", "price_paid", "feedback", "interest", "my_rating",
        "review_score", "n_plays", "num_plays", "times", "book_rating", "user_rating",
        "review_overall",
        "active_time", "read_time", "play_duration", "listening_time", "is_recommended",
        "recommended", "vote", "votes", "liked", "like", "is_liked", "thumbs", "thumb", "recommend",
        "menge", "anzahl", "bewertung", "betrag", "umsatz", "aantal", "beoordeling", "bedrag",
        "quantite", "montant", "cantidad", "importe", "valoracion", "puntuacion", "quantita",
        "importo", "voto", "punteggio",
    ),
    "event": (
        "event", "event_type", "eventtype", "event_name", "action", "action_type", "behavior",
        "behaviour", "type", "interaction", "interaction_type", "activity", "category_event",
    ),
    "flag": (
        "click", "clicked", "is_click", "is_clicked", "clicks", "conversion", "converted",
        "purchased", "is_purchase", "played", "is_played", "reward", "chosen",
    ),
    "title": (
        "title", "name", "item_name", "product_name", "productname", "description", "item_title",
        "product_title", "movie_title", "book_title", "original_title", "headline", "track_name",
        "trackname", "track_title", "song_title", "song_name", "song", "prod_name", "product_desc",
        "sub_commodity_desc", "desc", "commodity_desc", "label", "venue_name", "caption",
        "beer_name",
        "artist_name", "track", "artist", "bezeichnung", "artikelbezeichnung", "produktname",
        "titel", "naam", "omschrijving", "productnaam", "titre", "libelle", "designation",
        "nom_produit", "titulo", "descripcion", "nombre_producto", "titolo", "descrizione",
    ),
    "genres": (
        "genres", "genre", "category", "categories", "department", "dept", "category_path",
        "category_name", "category_code", "main_category", "section", "topic", "topics", "tags",
        "tag", "subjects", "subject", "product_group_name", "product_type_name", "commodity",
        "commodity_desc", "product_category", "style", "styles", "shelves", "brand", "class",
        "listed_in", "aisle", "channel", "theme", "themes", "keywords", "subcategory",
        "venue_category",
        "kategorie", "warengruppe", "abteilung", "rubrik", "categorie", "productgroep", "rayon",
        "famille", "categoria", "seccion", "genero", "genere", "reparto",
        "category_id", "department_id", "genre_id", "group_id", "product_subclass",
    ),
    "released": (
        "released", "release_date", "release_year", "releasedate", "year", "publication_year",
        "original_publication_year", "year_of_publication", "published", "publish_date",
        "publication_date", "published_at", "first_published", "pub_date", "launch_date", "aired",
        "created_at_ts", "date_published",
    ),
    "provider": (
        "provider", "publisher", "brand", "manufacturer", "vendor", "seller", "supplier", "label",
        "studio", "author", "authors", "source", "store", "maker", "network", "distributor",
        "artist", "artist_name", "developer",
    ),
    "attribute": (
        "age", "age_group", "age_band", "age_desc", "agegroup", "age_range", "birth_year",
        "year_of_birth", "yob", "gender", "sex", "country", "region", "state", "city", "location",
        "income", "income_band", "income_desc", "income_range", "occupation", "job", "education",
        "marital_status", "marital_status_code", "marital", "household_size", "household_size_desc",
        "hh_comp_desc", "homeowner_desc", "kid_category_desc", "children", "kids", "language",
        "membership", "club_member_status", "plan", "tier", "segment", "device", "platform",
        "subscription", "nationality", "ethnicity", "race", "hshd_composition", "hshd_size",
        "loyalty_flag", "l", "income_level", "loyalty_tier", "device_group", "user_device",
        "subscriber", "os", "member_status", "fashion_news_frequency", "device_type",
        "user_active_degree", "conn_country", "pin_code", "register_days_range", "user_region",
        "user_country", "alter", "altersgruppe", "geschlecht", "land", "bundesland", "leeftijd",
        "geslacht", "sexe", "pays", "tranche_age", "edad", "sexo", "pais", "eta", "sesso", "paese",
    ),
    "position": ("position", "pos", "slot", "place", "display_position", "rank", "row_position"),
    "propensity": ("propensity", "propensity_score", "pscore", "action_prob", "probability"),
    "seconds": (
        "seconds", "watched_seconds", "seconds_watched", "dwell_time_seconds", "dwell_seconds",
        "duration_seconds", "view_seconds",
    ),
    "policy": ("policy", "policy_id", "variant", "experiment", "algorithm", "arm", "bucket"),
    "slate": (
        "slate", "slate_id", "request_id", "impression_id", "list_id", "page_view_id", "query_id",
    ),
    "context": ("context", "placement", "surface", "device", "platform", "page"),
}  # fmt: skip
"""What → names, compared without case and signs between words; the likelier first."""

PERSONAL = {
    "an e-mail address": r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}",
    "a telephone number": r"\+?\(?\d{1,4}\)?[ -/.]\(?\d{2,4}\)?[ -/.]\d{2,5}[ -/.]?\d{0,5}",
    "an internet address": r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}",
    "a card or account number": r"(?:\d{4}[ -]){3}\d{4}|[A-Z]{2}\d{2}[A-Z0-9]{11,30}",
}
"""What a cell may be that names a person → its form."""

PERSONAL_NAMES = {
    "email", "mail", "phone", "telephone", "mobile", "firstname", "lastname", "surname",
    "fullname", "givenname", "familyname", "address", "street", "ssn", "ip", "ipaddress",
    "birthdate", "dateofbirth", "dob", "passport", "iban", "customername", "name", "username",
    "nickname", "reviewername",
}  # fmt: skip


def bare(name: str) -> str:
    """Write a column's name in the way in which names are compared.

    >>> bare("Customer ID"), bare("movieId"), bare("rating:float"), bare("Quantité")
    ('customerid', 'movieid', 'rating', 'quantite')
    """
    plain = unicodedata.normalize("NFKD", name.partition(":")[0].casefold())
    return re.sub(r"[^\w]|_", "", "".join(one for one in plain if not unicodedata.combining(one)))


def fits(name: str, what: str) -> float:
    """Return how well a name fits what a column may be: 0 for not at all, at most 1.

    Of ``user.home.country`` the last part may be a known name as well as the whole.
    """
    last = name.rpartition(".")[2]
    return max(_fits(bare(name), what), _fits(bare(last), what) if last != name else 0.0)


def _fits(own: str, what: str) -> float:
    known = [bare(one) for one in NAMES[what]]
    if own in known:
        return 1.0 - 0.5 * known.index(own) / len(known)
    ends = [one for one in known if len(one) > 3 and own.endswith(one)]
    if not ends:
        return 0.0
    return 0.45 - 0.2 * min(map(known.index, ends)) / len(known)


def is_personal(name: str) -> bool:
    """Whether a column of that name tells who somebody is."""
    return bare(name) in PERSONAL_NAMES
