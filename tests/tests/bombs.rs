//! Files made to break the program: each is refused, or its record is, with a message, and memory stays small.
#![cfg(target_os = "linux")]

use aceq_tests::peak::{Ended, run};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Most memory that any file may cost.
const MOST: u64 = 1_500_000_000;

const HEADER: &str = "Opportunity Id,Stage,Customer Company Name\n";

/// A folder with one file, and what the program says of it.
struct Bomb {
    folder: tempfile::TempDir,
    name: &'static str,
}

impl Bomb {
    fn new(name: &'static str, write: impl FnOnce(&mut BufWriter<File>)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut file = BufWriter::new(File::create(folder.path().join(name)).expect("a file"));
        write(&mut file);
        file.flush().expect("the disk takes it");
        Self { folder, name }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }

    fn sniffed(&self) -> Ended {
        ended(&["sniff", &text(&self.path())])
    }

    fn ingested(&self) -> Ended {
        ended(&["ingest", &text(&self.path()), "--out", &text(&self.dataset())])
    }

    fn dataset(&self) -> PathBuf {
        self.folder.path().join("dataset")
    }

    /// Neither command takes it, and both say why.
    fn is_refused(&self, message: &str) {
        for ended in [self.sniffed(), self.ingested()] {
            assert_eq!(ended.code, Some(2), "{}: {ended:?}", self.name);
            assert!(ended.said.contains(message), "{}: {}", self.name, ended.said);
        }
    }

    /// The file is read and a record of it is not.
    fn is_rejected(&self, code: &str) {
        let sniffed = self.sniffed();
        assert_eq!(sniffed.code, Some(0), "{}: {sniffed:?}", self.name);
        let ingested = self.ingested();
        assert_eq!(ingested.code, Some(0), "{}: {ingested:?}", self.name);
        let rejects = fs::read_to_string(self.dataset().join("quality/rejects.csv")).expect("a list of rejects");
        assert!(rejects.contains(code), "{}: {}", self.name, &rejects[..rejects.len().min(500)]);
        assert!(rejects.len() < 1 << 20, "the list of rejects is no copy of the bomb");
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn ended(arguments: &[&str]) -> Ended {
    // A run that is over before anybody looked at its memory is run again.
    let mut ended = run(arguments);
    for _ in 0..20 {
        if ended.peak > 1 << 20 {
            break;
        }
        ended = run(arguments);
    }
    assert!(ended.peak > 1 << 20, "memory is measured");
    assert!(ended.peak < MOST, "{} takes {} bytes of memory", arguments.join(" "), ended.peak);
    ended
}

fn put(out: &mut impl Write, text: &str) {
    out.write_all(text.as_bytes()).expect("the disk takes it");
}

/// `piece` over and over, `times` times.
fn put_many(out: &mut impl Write, piece: &str, times: usize) {
    let at_once = (1 << 16) / piece.len().max(1);
    let many = piece.repeat(at_once);
    (0..times / at_once).for_each(|_| put(out, &many));
    put(out, &piece.repeat(times % at_once));
}

const HUNDRED_MB: usize = 100_000_000;
const MILLION: usize = 1_000_000;

#[test]
fn a_gzip_bomb() {
    let bomb = Bomb::new("bomb.csv.gz", |file| {
        let mut packed = GzEncoder::new(file, Compression::best());
        put(&mut packed, HEADER);
        put_many(&mut packed, "\n", 600 * MILLION);
        packed.finish().expect("the disk takes it");
    });
    assert!(fs::metadata(bomb.path()).expect("a file").len() < 1 << 20, "small on disk");
    bomb.is_refused("bytes to which the archive unpacks");
}

#[test]
fn a_zip_bomb() {
    let bomb = Bomb::new("bomb.zip", |file| {
        let options = SimpleFileOptions::default().compression_level(Some(9));
        let mut packed = ZipWriter::new_stream(file);
        packed.start_file("bomb.csv", options).expect("a member");
        put(&mut packed, HEADER);
        put_many(&mut packed, "\n", 600 * MILLION);
        packed.finish().expect("the disk takes it");
    });
    bomb.is_refused("bytes to which the archive unpacks");
}

/// Ten entities, each ten of the one before: a billion laughs.
fn laughs(root: &str) -> String {
    let entity = |level: usize| format!("<!ENTITY e{level} \"{}\">", format!("&e{};", level - 1).repeat(10));
    let entities: String = (1..10).map(entity).collect();
    format!("<?xml version=\"1.0\"?>\n<!DOCTYPE {root} [<!ENTITY e0 \"ha\">{entities}]>\n")
}

#[test]
fn entities_that_multiply_in_spreadsheetml() {
    let bomb = Bomb::new("laughs.xls", |file| {
        put(file, &laughs("Workbook"));
        put(file, "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table><Row><Cell>");
        put(file, "<Data>&e9;</Data></Cell></Row></Table></Worksheet></Workbook>");
    });
    bomb.is_refused("document type");
}

#[test]
fn entities_that_multiply_in_workbooks() {
    let strings = format!("{}<sst><si><t>&e9;</t></si></sst>", laughs("sst"));
    let sheet = "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
    Bomb::new("strings.xlsx", |file| workbook(file, sheet, &strings)).is_refused("document type");
    let sheet = format!("{}{sheet}", laughs("worksheet"));
    Bomb::new("sheet.xlsx", |file| workbook(file, &sheet, "<sst/>")).is_refused("document type");
    let content = format!("{}<office:document-content>&e9;</office:document-content>", laughs("content"));
    Bomb::new("laughs.ods", |file| spreadsheet(file, &content)).is_refused("document type");
}

#[test]
fn json_in_a_million_brackets() {
    let bomb = Bomb::new("deep.json", |file| {
        put_many(file, "[", MILLION);
        put_many(file, "]", MILLION);
    });
    bomb.is_refused("deep.json");
    let bomb = Bomb::new("objects.json", |file| {
        put_many(file, "{\"a\":", MILLION);
        put(file, "1");
        put_many(file, "}", MILLION);
    });
    bomb.is_refused("objects.json");
}

#[test]
fn a_cell_of_100_megabytes_in_csv() {
    let bomb = Bomb::new("cell.csv", |file| {
        put(file, HEADER);
        put(file, "O1,Launched,\"");
        put_many(file, "x", HUNDRED_MB);
        put(file, "\"\nO2,Launched,Anvil Works\n");
    });
    bomb.is_rejected("row_too_long");
}

#[test]
fn a_cell_of_100_megabytes_in_json() {
    let long = |file: &mut BufWriter<File>| {
        put(file, "{\"Opportunity Id\":\"O1\",\"Stage\":\"");
        put_many(file, "x", HUNDRED_MB);
        put(file, "\"}\n");
    };
    Bomb::new("cell.json", long).is_refused("a cell holds bytes");
    let beside = Bomb::new("beside.ndjson", |file| {
        long(file);
        put(file, "{\"Opportunity Id\":\"O2\",\"Stage\":\"Launched\"}\n");
    });
    beside.is_rejected("row_too_long");
}

#[test]
fn a_cell_of_100_megabytes_in_html() {
    let bomb = Bomb::new("cell.xls", |file| {
        put(file, "<html><table><tr><th>Opportunity Id</th><th>Stage</th><th>Customer Company Name</th></tr><tr><td>");
        put_many(file, "x", HUNDRED_MB);
        put(file, "</td></tr></table></html>");
    });
    bomb.is_refused("cell.xls");
}

#[test]
fn a_cell_of_100_megabytes_in_a_workbook() {
    let cell = format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", "x".repeat(HUNDRED_MB));
    let sheet = format!("<worksheet><sheetData><row>{cell}</row></sheetData></worksheet>");
    Bomb::new("cell.xlsx", |file| workbook(file, &sheet, "<sst/>")).is_refused("a cell holds bytes");
}

#[test]
fn what_is_said_ten_thousand_times_about_one_thing() {
    let customers = Bomb::new("customers.csv", |file| {
        put(file, "Customer Name,Annual Revenue\n");
        (0..20_000).for_each(|revenue| put(file, &format!("Acme,{revenue}\n")));
    });
    let ended = customers.ingested();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.said.contains("customer_conflict"), "{}", ended.said);
    let versions = Bomb::new("versions.csv", |file| {
        put(file, HEADER);
        put_many(file, "O1,Launched,Acme\n", 100_000);
    });
    let ended = versions.ingested();
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn a_million_columns_in_csv() {
    let header = Bomb::new("header.csv", |file| {
        put(file, "Opportunity Id,Stage,Customer Company Name");
        put_many(file, ",Column", MILLION);
        put(file, "\nO1,Launched,Anvil Works\n");
    });
    header.is_refused("number of fields in its header");
    let record = Bomb::new("record.csv", |file| {
        put(file, HEADER);
        put(file, "O1,Launched,Anvil Works");
        put_many(file, ",x", MILLION);
        put(file, "\nO2,Launched,Anvil Works\n");
    });
    record.is_rejected("row_too_long");
}

#[test]
fn a_million_columns_in_html() {
    let bomb = Bomb::new("columns.xls", |file| {
        put(file, "<html><table><tr>");
        put_many(file, "<td>x</td>", MILLION);
        put(file, "</tr></table></html>");
    });
    bomb.is_refused("columns.xls");
    let span = Bomb::new("span.xls", |file| {
        put(file, "<html><table>");
        put_many(file, "<tr><td colspan=1000 rowspan=65534>x</td></tr>", 100_000);
        put(file, "</table></html>");
    });
    span.is_refused("span.xls");
}

#[test]
fn a_million_columns_in_json() {
    let bomb = Bomb::new("columns.json", |file| {
        put(file, "[{\"Opportunity Id\":\"O1\"");
        (0..MILLION).for_each(|column| put(file, &format!(",\"c{column}\":1")));
        put(file, "}]");
    });
    bomb.is_refused("columns.json");
}

#[test]
fn a_million_columns_in_a_workbook() {
    let cells = "<c><v>1</v></c>".repeat(MILLION);
    let sheet = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
    Bomb::new("columns.xlsx", |file| workbook(file, &sheet, "<sst/>")).is_refused("a row has columns");
}

/// What is claimed costs nothing: the file holds no header that anybody knows, and that is said.
#[test]
fn a_sheet_that_claims_every_cell_there_can_be() {
    let cells = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>";
    let sheet = format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{cells}</sheetData></worksheet>");
    Bomb::new("claims.xlsx", |file| workbook(file, &sheet, "<sst/>")).is_refused("no known kind of file");
    let rows = "<table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell \
        table:number-columns-repeated=\"16384\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell>\
        </table:table-row></table:table>";
    Bomb::new("claims.ods", |file| spreadsheet(file, rows)).is_refused("beyond the limit");
}

const ROOT: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const BOOK: &str = "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
const RELATIONS: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";

fn workbook(file: &mut BufWriter<File>, sheet: &str, strings: &str) {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
    let parts = [
        ("[Content_Types].xml", types),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    package(file, &parts);
}

fn spreadsheet(file: &mut BufWriter<File>, content: &str) {
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    package(file, &[("mimetype", kind), ("META-INF/manifest.xml", "<manifest:manifest/>"), ("content.xml", content)]);
}

fn package(file: &mut BufWriter<File>, parts: &[(&str, &str)]) {
    let mut package = ZipWriter::new(file);
    for (name, text) in parts {
        // What tells a spreadsheet from any other archive stands there as it is.
        let method = if *name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        package.start_file(*name, options).expect("a member");
        put(&mut package, text);
    }
    package.finish().expect("the disk takes it");
}
