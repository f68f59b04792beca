"""Identifiers in one form, and the PMCID unique like the DOI and the PMID."""

from django.db import migrations, models

import snippets.fields
from snippets.identifiers import IDENTIFIERS

LITERATURE = ("doi", "pmid", "pmcid", "nct")
UNIQUE = ("doi", "pmid", "pmcid")


def normalize(apps, schema_editor):
    """Bring the identifiers of all references into their form.

    Where two entries turn out to have the same, both keep it: articles may cite either. The published one,
    then the older one, is the entry that others are held against; the rest are marked.
    """
    references = apps.get_model("treatment_snippets", "Reference").objects.using(
        schema_editor.connection.alias
    )
    taken = set()
    rows = references.order_by("-live", "pk").values_list("pk", *LITERATURE)
    for pk, *given in list(rows):
        read = {
            kind: IDENTIFIERS[kind].read(value)
            for kind, value in zip(LITERATURE, given, strict=True)
        }
        keys = {(kind, read[kind]) for kind in UNIQUE if read[kind]}
        changed: dict[str, object] = {
            kind: value
            for (kind, value), old in zip(read.items(), given, strict=True)
            if value != old
        }
        if keys & taken:
            changed["shares_identifiers"] = True
        else:
            taken |= keys
        if changed:
            references.filter(pk=pk).update(**changed)


class Migration(migrations.Migration):
    dependencies = [
        ("treatment_snippets", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reference",
            name="treatment_snippets_reference_pmid",
        ),
        migrations.RemoveConstraint(
            model_name="reference",
            name="treatment_snippets_reference_doi",
        ),
        migrations.AddField(
            model_name="reference",
            name="shares_identifiers",
            field=models.BooleanField(
                default=False,
                editable=False,
                verbose_name="has an identifier of another entry",
            ),
        ),
        migrations.AlterField(
            model_name="condition",
            name="icd10cm_code",
            field=snippets.fields.IdentifierField(
                blank=True, kind="icd10cm", verbose_name="ICD-10-CM"
            ),
        ),
        migrations.AlterField(
            model_name="condition",
            name="mesh_id",
            field=snippets.fields.IdentifierField(
                blank=True, kind="mesh", verbose_name="MeSH"
            ),
        ),
        migrations.AlterField(
            model_name="condition",
            name="ncit_code",
            field=snippets.fields.IdentifierField(
                blank=True, kind="ncit", verbose_name="NCI Thesaurus"
            ),
        ),
        migrations.AlterField(
            model_name="condition",
            name="snomed_id",
            field=snippets.fields.IdentifierField(
                blank=True,
                help_text="Only if your organization has a license.",
                kind="snomed",
                verbose_name="SNOMED CT",
            ),
        ),
        migrations.AlterField(
            model_name="contributor",
            name="orcid",
            field=snippets.fields.IdentifierField(
                blank=True, kind="orcid", verbose_name="ORCID iD"
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="doi",
            field=snippets.fields.IdentifierField(
                blank=True, kind="doi", verbose_name="DOI"
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="nct",
            field=snippets.fields.IdentifierField(
                blank=True, kind="nct", verbose_name="trial number (NCT)"
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="pmcid",
            field=snippets.fields.IdentifierField(
                blank=True, kind="pmcid", verbose_name="PubMed Central ID (PMCID)"
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="pmid",
            field=snippets.fields.IdentifierField(
                blank=True, kind="pmid", verbose_name="PubMed ID (PMID)"
            ),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="mesh_id",
            field=snippets.fields.IdentifierField(
                blank=True, kind="mesh", verbose_name="MeSH"
            ),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="ncit_code",
            field=snippets.fields.IdentifierField(
                blank=True, kind="ncit", verbose_name="NCI Thesaurus"
            ),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="rxnorm_id",
            field=snippets.fields.IdentifierField(
                blank=True, kind="rxnorm", verbose_name="RxNorm"
            ),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="snomed_id",
            field=snippets.fields.IdentifierField(
                blank=True,
                help_text="Only if your organization has a license.",
                kind="snomed",
                verbose_name="SNOMED CT",
            ),
        ),
        migrations.RunPython(normalize, migrations.RunPython.noop, elidable=False),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("doi", ""), _negated=True), ("shares_identifiers", False)
                ),
                fields=("doi",),
                name="treatment_snippets_reference_doi",
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("pmid", ""), _negated=True), ("shares_identifiers", False)
                ),
                fields=("pmid",),
                name="treatment_snippets_reference_pmid",
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("pmcid", ""), _negated=True),
                    ("shares_identifiers", False),
                ),
                fields=("pmcid",),
                name="treatment_snippets_reference_pmcid",
            ),
        ),
    ]
