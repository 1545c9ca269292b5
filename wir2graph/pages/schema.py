"""What a page says of itself to machines that read pages: JSON-LD in the terms of schema.org."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin

from markupsafe import Markup

from wir2graph.operator import Operator
from wir2graph.pages.model import View


def json_ld(page: View, base_url: str, operator: Operator) -> Markup:
    """Return the JSON-LD of a page, safe within its script element; `base_url` is that of the site."""
    url = base_url + quote(page.path)
    trail = [*((crumb.text, urljoin(url, crumb.href)) for crumb in page.crumbs), (page.title.text, url)]
    described: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "CollectionPage" if page.list else "WebPage", "@id": url, "url": url,
        "name": page.title.text, "inLanguage": page.language,
        "breadcrumb": {"@type": "BreadcrumbList", "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": target}
            for number, (name, target) in enumerate(trail, 1)
        ]},
    }
    if page.plan:
        described |= {"dateModified": page.plan.day, "license": page.plan.licence}
        described["isPartOf"] = {"@type": "WebSite", "name": page.plan.title, "url": f"{base_url}/{page.plan.slug}/"}
    if page.iri:
        described["about"] = {"@id": page.iri, "name": page.title.text}
        described["encoding"] = [
            {"@type": "MediaObject", "encodingFormat": other.media_type, "contentUrl": urljoin(url, other.href)}
            for other in page.formats
        ]
    if operator.name:
        described["publisher"] = {"@type": "Organization", "name": operator.name} | (
            {"url": operator.homepage} if operator.homepage else {})
    return written(described)


def written(told: Mapping[str, Any]) -> Markup:
    """Return JSON-LD as it stands in a page, safe within its script element."""
    return Markup(json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"))
