//! Header aliases per source and canonical values per picklist: read from `mappings/**.toml`, parsed once.

mod builtin;
mod source;
mod values;

pub(crate) use source::{Known, Origin, RowCondition, SourceMapping};
pub(crate) use values::{Meaning, ValueList};

use crate::IngestError;
use crate::text::sha256;
use aceq_model::{Picklist, Picklists, Sha256Hex, TableId};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Every source mapping and every picklist.
#[derive(Clone, Debug)]
pub struct Mappings {
    sources: Vec<SourceMapping>,
    values: BTreeMap<String, ValueList>,
    /// Identity of each further source mapping, in the order given.
    further: Vec<Sha256Hex>,
}

impl Mappings {
    /// The mappings that come with the program.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Mappings> = OnceLock::new();
        BUILTIN
            .get_or_init(|| Self::parse(builtin::SOURCES, builtin::VALUES).expect("a test parses every built-in file"))
    }

    /// These mappings and more source mappings, such as those of a CRM: (file name, TOML text) each. A table that a
    /// further one recognises is its own, whatever else fits; one may extend another given before it.
    ///
    /// # Errors
    /// [`IngestError::Mapping`] when a text is no source mapping, or its name is taken.
    pub fn with_sources(&self, texts: &[(&str, &str)]) -> Result<Self, IngestError> {
        let mut all = self.clone();
        for (place, (file, text)) in texts.iter().enumerate() {
            let source = SourceMapping::parse(Origin::User, file, text, &all.sources)?;
            if all.source(&source.name).is_some() {
                let message = format!("there is a mapping `{}` already: give this one another name", source.name);
                return Err(IngestError::Mapping { file: (*file).to_owned(), message });
            }
            all.sources.insert(place, source);
            all.further.push(sha256(text.as_bytes()));
        }
        Ok(all)
    }

    /// Identity of each mapping that does not come with the program, in the order given.
    pub fn further(&self) -> &[Sha256Hex] {
        &self.further
    }

    /// Names of the source mappings that do not come with the program.
    pub fn names_given(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().filter(|source| source.origin == Origin::User).map(|source| source.name.as_str())
    }

    /// The canonical values of every picklist.
    pub fn picklists(&self) -> Picklists {
        let list = |values: &ValueList| Picklist { values: values.canonical().map(str::to_owned).collect() };
        Picklists(self.values.iter().map(|(name, values)| (name.clone(), list(values))).collect())
    }

    pub(crate) fn sources(&self) -> &[SourceMapping] {
        &self.sources
    }

    pub(crate) fn source(&self, name: &str) -> Option<&SourceMapping> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// The mapping that a file without known headers is most likely meant for.
    pub(crate) fn likely(&self) -> &SourceMapping {
        let likely = self.source("partner-central").or(self.sources.first());
        likely.expect("there are built-in mappings, and they are only ever added to")
    }

    pub(crate) fn values(&self, picklist: &str) -> Option<&ValueList> {
        self.values.get(picklist)
    }

    /// Headers of our own template of `table`, in order.
    pub(crate) fn template(&self, table: TableId) -> Option<&[String]> {
        self.source(table.name()).map(|source| source.template.as_slice())
    }

    fn parse(sources: &[(&str, &str)], values: &[(&str, &str)]) -> Result<Self, IngestError> {
        let mut parsed: Vec<SourceMapping> = Vec::new();
        for (file, text) in sources {
            parsed.push(SourceMapping::parse(Origin::BuiltIn, file, text, &parsed)?);
        }
        // Written bases first, tried specialised first: at equal fit the particular source names the file.
        parsed.reverse();
        let lists = values.iter().map(|(file, text)| ValueList::parse(file, text));
        let values = lists.map(|list| list.map(|list| (list.name.clone(), list))).collect::<Result<_, _>>()?;
        Ok(Self { sources: parsed, values, further: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Mappings, builtin};
    use aceq_model::TableId;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_file_in_the_folders_is_built_in() {
        for (folder, list) in [("sources", builtin::SOURCES), ("values", builtin::VALUES)] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings").join(folder);
            let files: BTreeSet<String> =
                folder.read_dir().unwrap().map(|f| f.unwrap().file_name().to_string_lossy().into_owned()).collect();
            assert_eq!(list.iter().map(|(name, _)| (*name).to_owned()).collect::<BTreeSet<_>>(), files);
        }
    }

    #[test]
    fn every_picklist_of_a_column_exists() {
        let picklists = Mappings::builtin().picklists();
        for table in TableId::ALL {
            for column in table.schema().columns.iter().filter(|column| !column.picklist.is_empty()) {
                let list = picklists.get(column.picklist);
                assert!(list.is_some_and(|list| !list.values.is_empty()), "{}.{}", table.name(), column.name);
            }
        }
    }

    #[test]
    fn every_table_has_a_template() {
        for table in TableId::ALL {
            assert!(Mappings::builtin().template(table).is_some_and(|headers| !headers.is_empty()), "{}", table.name());
        }
    }

    #[test]
    fn values_are_found_however_they_are_written() {
        let cases = [
            (
                "certification",
                "AWS Certified Data Analytics – Specialty (DAS-C01)",
                "AWS Certified Data Analytics - Specialty",
            ),
            ("certification", "AWS Certified Security – Speciality", "AWS Certified Security - Specialty"),
            ("certification", "AWS Certified AI Practitioner Early Adopter", "AWS Certified AI Practitioner"),
            (
                "certification",
                "AWS Certified SysOps Administrator — Associate",
                "AWS Certified SysOps Administrator - Associate",
            ),
            ("certification", "CloudOps Engineer - Associate", "AWS Certified CloudOps Engineer - Associate"),
            ("certification", "DAS-C01", "AWS Certified Data Analytics - Specialty"),
            ("credential", "Amazon Connect Reporting and Analytics Badge", "Amazon Connect Reporting & Analytics"),
            (
                "credential",
                "AWS Partner: Accreditation (Technical) (Portuguese)",
                "AWS Partner: Accreditation (Technical)",
            ),
            ("designation", "Amazon EMR Delivery", "Amazon EMR"),
            ("designation", "Amazon Connect Service Delivery", "Amazon Connect"),
            ("designation", "Amazon Glue", "AWS Glue"),
            ("designation", "AWS Migration Competency", "AWS Migration and Modernization Competency"),
            ("designation", "Security Consulting Competency", "AWS Security Services Competency"),
            ("program", "AWS Small and Medium Business (SMB) Competency", "smb"),
            ("program", "Data and Analytics", "data-analytics"),
            ("program", "Amazon Connect Customer", "amazon-connect-customer"),
            ("country", "us", "US"),
            ("country", "Macedonia, The former Yugoslav Republic Of", "MK"),
            ("country", "Côte d'Ivoire", "CI"),
            ("aws_product", "AmazonConnectVoice", "AmazonConnectVoice"),
            ("aws_product", "Amazon Connect - Voice", "AmazonConnectVoice"),
            ("aws_product", "Amazon Elasticsearch Service", "AmazonOpenSearchService"),
            ("aws_product", "Amazon Managed Apache Cassandra Service", "AmazonKeyspaces"),
            ("aws_product", "Kinesis Firehose", "AmazonDataFirehose"),
            ("aws_product", "Amazon EMR", "AmazonElasticMapReduceEMR"),
            ("aws_product", "Lambda", "AWSLambda"),
            ("review_status", "In Review", "In review"),
            ("delivery_model", "SaaS or PaaS", "SaaS or PaaS"),
            ("feature", "Amazon Connect Chat", "Chat"),
            ("tier", "Advanced Tier Services", "Advanced"),
        ];
        for (list, raw, canonical) in cases {
            let found = Mappings::builtin().values(list).unwrap().find(raw);
            assert_eq!(found, Some(canonical), "{list}: {raw}");
        }
        let unknown = [("country", "Accept to View"), ("stage", "Won"), ("aws_product", "AWS Teapot"), ("stage", "")];
        for (list, raw) in unknown {
            assert_eq!(Mappings::builtin().values(list).unwrap().find(raw), None, "{list}: {raw}");
        }
    }

    #[test]
    fn a_wrong_mapping_says_what_is_wrong() {
        let cases = [
            ("name = \"x\"\ntable = \"deals\"\nsignature = []\n[columns]\n", "`deals` is no table"),
            ("name = \"x\"\ntable = \"partners\"\nsignature = []\n[columns]\ntire = [\"Tier\"]\n", "no column `tire`"),
            ("name = \"x\"\ntable = \"partners\"\nextends = \"y\"\nsignature = []\n[columns]\n", "no mapping `y`"),
            ("name = \"x\"\ntabel = \"partners\"\n", "unknown field `tabel`"),
            ("name = \"partners\"\ntable = \"partners\"\nsignature = []\n[columns]\n", "another name"),
            (
                "name = \"x\"\ntable = \"partners\"\nsignature = []\n[columns]\ntier = [\"T\"]\ntire = []\n",
                "line 6, column 1\n  |\n6 | tire = []\n  | ^^^^\n",
            ),
        ];
        for (text, message) in cases {
            let error = Mappings::builtin().with_sources(&[("x.toml", text)]).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
