//! The vocabulary of the invented world. Picklist values are AWS's; every name is made up.

/// First halves of customer names.
pub(crate) const NAME_FIRST: [&str; 64] = [
    "Alderpoint",
    "Amberfold",
    "Ashwillow",
    "Barleymoor",
    "Basaltine",
    "Birchgate",
    "Bluefen",
    "Bramblewick",
    "Brightwater",
    "Bronzeleaf",
    "Calderfield",
    "Candlemere",
    "Cedarstrand",
    "Chalkridge",
    "Cloverhythe",
    "Cobblestone",
    "Coralbank",
    "Cresselwood",
    "Dovecote",
    "Driftmark",
    "Duskwood",
    "Eastlathe",
    "Elmarsh",
    "Emberline",
    "Fallowmead",
    "Fennimore",
    "Flintlock",
    "Foxglen",
    "Frostgarten",
    "Gablewind",
    "Glasswing",
    "Goldenrod",
    "Granitara",
    "Greymantle",
    "Harebell",
    "Hazelrück",
    "Heronsway",
    "Hollowbrook",
    "Ironbark",
    "Ivorystone",
    "Juniperra",
    "Kestrelby",
    "Kingcup",
    "Larkfield",
    "Lindenau",
    "Lochmere",
    "Maplethorpe",
    "Marigöld",
    "Meadowlea",
    "Millrace",
    "Mossborough",
    "Nettlecombe",
    "Oakenshaw",
    "Otterburn",
    "Pebblecreek",
    "Quarrymont",
    "Ravenglass",
    "Redfjord",
    "Saffronvale",
    "Silverbeck",
    "Thistledown",
    "Umbraline",
    "Willowarc",
    "Yarrowgate",
];

/// Second halves of customer names.
pub(crate) const NAME_SECOND: [&str; 32] = [
    "Bakery",
    "Dental",
    "Logistics",
    "Optics",
    "Print",
    "Timber",
    "Gardens",
    "Metalworks",
    "Tax",
    "Travel",
    "Electric",
    "Coffee",
    "Textiles",
    "Foods",
    "Pharmacy",
    "Motors",
    "Insurance",
    "Media",
    "Software",
    "Hotels",
    "Clinics",
    "Energy",
    "Retail",
    "Shipping",
    "Packaging",
    "Robotics",
    "Schools",
    "Farms",
    "Books",
    "Tools",
    "Glass",
    "Games",
];

/// Legal forms.
pub(crate) const LEGAL: [&str; 8] = [" GmbH", " Ltd", ", Inc.", " LLC", " AG", " S.A.", " Pty Ltd", " B.V."];

/// Countries, as exports write them.
pub(crate) const COUNTRIES: [&str; 10] = [
    "United States",
    "Germany",
    "United Kingdom",
    "France",
    "Netherlands",
    "Australia",
    "Spain",
    "Canada",
    "Denmark",
    "India",
];

/// Industries.
pub(crate) const INDUSTRIES: [&str; 8] = [
    "Retail",
    "Healthcare",
    "Manufacturing",
    "Financial Services",
    "Software & Internet",
    "Education",
    "Travel",
    "Computers & Electronics",
];

/// A kind of project: title, use case, AWS products.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    pub(crate) title: &'static str,
    pub(crate) use_case: &'static str,
    pub(crate) products: &'static str,
}

const fn work(title: &'static str, use_case: &'static str, products: &'static str) -> Work {
    Work { title, use_case, products }
}

const BIG_DATA: &str = "Big Data: Data Warehouse / Data Integration / ETL / Data Lake / BI";
const CONTACT: &str = "Business Applications & Contact Center";

/// Projects of any partner.
pub(crate) const GENERAL_WORK: [Work; 8] = [
    work("File server to the cloud", "Storage & Backup", "Amazon S3;AWS Backup"),
    work("Web shop relaunch", "Web development & DevOps", "Amazon CloudFront;Amazon EC2 Linux"),
    work("Virtual desktops", "Edge Computing / End User Computing", "Amazon WorkSpaces Core"),
    work("ERP hosting", "Enterprise Resource Planning", "Amazon EC2 Windows;Amazon RDS for SQL Server"),
    work("Database move", "Migration / Database Migration", "AWS Database Migration Service;Amazon RDS for PostgreSQL"),
    work("Rules and audits", "Configuration, Compliance & Auditing", "AWS Config;AWS CloudTrail"),
    work("Line to the data center", "Networking", "AWS Direct Connect"),
    work("Documents read by machine", "AI Machine Learning and Analytics", "Amazon Bedrock"),
];

/// Contact-centre projects; the last one only looks like it.
pub(crate) const CONTACT_WORK: [Work; 6] = [
    work("Contact center", CONTACT, "Amazon Connect - Voice;Contact Lens for Amazon Connect"),
    work("Chat for customers", CONTACT, "Amazon Connect - Chat;Amazon Lex with Amazon Connect"),
    work("Calls answered by AI", CONTACT, "Amazon Connect - Unlimited AI Voice"),
    work("Outbound campaigns", CONTACT, "AmazonConnectOutboundCampaigns;AmazonConnectVoice"),
    work("Cases and tasks", CONTACT, "Amazon Connect - Cases;Amazon Connect - Tasks"),
    work("Hiring assistant", CONTACT, "Amazon Connect - Talent"),
];

/// Data projects; the last one names a partner's product only.
pub(crate) const DATA_WORK: [Work; 5] = [
    work("Data warehouse", BIG_DATA, "Amazon Redshift;AWS Glue"),
    work("Data lake", BIG_DATA, "Amazon Athena;AWS Lake Formation;Amazon S3"),
    work("Order stream", BIG_DATA, "Amazon Kinesis Data Streams (KDS);Amazon QuickSight"),
    work("Search in the logs", BIG_DATA, "Amazon OpenSearch for logs/Analytics"),
    work("Reports", BIG_DATA, "Amazon EC2 Linux"),
];

/// Ways to sell and run.
pub(crate) const DELIVERY: [&str; 5] =
    ["Professional Services", "Managed Services", "Managed Services;Professional Services", "Resell", "SaaS or PaaS"];

/// Programs tagged on an opportunity; most have none.
pub(crate) const PROGRAMS: [&str; 6] =
    ["", "", "", "Migration Acceleration Program", "Well-Architected", "APN Immersion Days;Well-Architected"];

/// What the partner wants from AWS; about half want nothing.
pub(crate) const NEEDS: [&str; 6] = [
    "Do Not Need Support from AWS Sales Rep",
    "Do Not Need Support from AWS Sales Rep",
    "",
    "Co-Sell - Deal Support",
    "Co-Sell - Technical Consultation;Co-Sell - Pricing Assistance",
    "Co-Sell - Architectural Validation",
];

/// Why deals are lost.
pub(crate) const LOST: [&str; 5] =
    ["Price", "Customer Deficiency", "Lost to Competitor – Other", "No Opportunity", "Delay / Cancellation of Project"];

/// What is typed where a date belongs.
pub(crate) const BAD_DATES: [&str; 4] = ["tbd", "02/30/2026", "n/a", "Q3 2026"];

/// Sentences for long texts; quotes are doubled already, as inside a quoted field.
pub(crate) const SENTENCES: [&str; 8] = [
    "Servers have reached the end of their warranty, and nobody wants to buy new ones. ",
    "Nightly backups take longer than the night.\n",
    "The owner said \"\"never again\"\" after the last outage; orders were lost for a day. ",
    "Three sites share one file server, and the line to it is slow. ",
    "Licences renew in spring at a price that nobody has agreed to. ",
    "Month-end figures arrive two weeks late, so decisions are made without them. ",
    "Callers wait for eleven minutes; agents switch between four screens. ",
    "The team is small: two people run everything, one of them part-time. ",
];

/// Pieces of the long texts of wide exports, as people type and paste them; quotes are doubled already.
pub(crate) const PARAGRAPHS: [&str; 24] = [
    "The customer runs 14 servers in a cellar that was flooded twice. ",
    "Today: one rack, two lines, no spare parts.\n",
    "Goals:\n- invoices within a day\n- no tapes any more\n- one bill instead of nine\n",
    "Orders are typed from e-mail into the ERP, then again into the warehouse list. ",
    "The owner calls the present system \"\"the museum\"\", and means it kindly. ",
    "A first estimate was sent on Monday; the answer is expected after the fair. ",
    "Scope: 3 sites, 120 seats, 2.4 TB of files, 1 database of 300 GB.\r\n",
    "Backups are copied to a disk that someone carries home on Fridays. ",
    "They asked for a price per month, not per hour; finance wants no surprises. ",
    "Next: workshop with the tax adviser, who must agree to where the data lies.\n",
    "The old contract ends in spring, and the notice period is three months. ",
    "Call notes: \"\"no downtime in December\"\", \"\"training in Spanish\"\", \"\"keep the old numbers\"\".\n",
    "Peak load comes with the newsletter, on Thursdays at ten. ",
    "Two people know the network; one of them retires next year. ",
    "Kräne, Lager und Fuhrpark sollen in einer Übersicht stehen. ",
    "Il faut garder les données en Europe; c'est écrit dans le contrat. ",
    "Risks: licences bound to hardware, a fax gateway, one macro of 4,000 lines.\n",
    "The pilot ran for six weeks and cost less than the electricity of the old room. ",
    "Callers wait too long, agents copy addresses by hand, reports take a week. ",
    "Security review passed with two remarks: rotate keys, name an owner for each account. ",
    "Dashboards must open on the phones of the drivers; half of them are offline at times. ",
    "\n\n",
    "See the attached plan, page 7, table \"\"Wave 2\"\". ",
    "No further remarks. ",
];

/// Invented towns.
pub(crate) const CITIES: [&str; 4] = ["Northport", "Südhafen", "Eastbridge", "Villa Nueva Alta"];

/// Short texts that need care in CSV.
pub(crate) const AWKWARD: [&str; 4] =
    ["Call, then visit", "Send \"final\" offer", "Workshop\nthen estimate", "=SUM(A1:A9), typed by mistake"];

/// First names of people.
pub(crate) const GIVEN: [&str; 16] = [
    "Aila", "Bram", "Celeste", "Dorian", "Edda", "Farid", "Greta", "Hugo", "Imani", "Jorun", "Kaito", "Lena", "Mirela",
    "Noor", "Otis", "Paz",
];

/// Family names of people.
pub(crate) const FAMILY: [&str; 16] = [
    "Amberley",
    "Blakemoor",
    "Carstens",
    "Drayholt",
    "Ebbesen",
    "Fairlough",
    "Greaves",
    "Hallgrimm",
    "Ibsenhall",
    "Jarrow",
    "Kettleby",
    "Lindqvale",
    "Marrin",
    "Northam",
    "Okerblom",
    "Petherick",
];
