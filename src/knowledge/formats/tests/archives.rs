//! Archives, honest and hostile.

use std::io::{Cursor, Write as _};

use flate2::{Compression, write::GzEncoder};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A tar whose names are written as they are, wrong ones too.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read_archive(name: &str, bytes: &[u8]) -> (Reading, Vec<String>) {
    let folder = Folder::with(&[(name, bytes)]);
    let reading = folder.read_file(name);
    let told = folder.told(&reading.problems);
    (reading, told)
}

#[test]
fn every_kind_of_archive_is_read() {
    let article = markdown_file("a", "{{< include \"../parts/x.md\" >}}\n");
    let wrong = markdown_file("b", "x").replace("locale: en", "locale: fr");
    let files: [(&str, &[u8]); 6] = [
        ("help/en/a.md", article.as_bytes()),
        ("./help/parts/x.md", "三十天\n".as_bytes()),
        ("help/b.md", wrong.as_bytes()),
        ("help/image.png", b"\x89PNG"),
        ("__MACOSX/help/a.md", b"junk"),
        ("zh-TW/c.html", "<title>退貨</title><p>三十天".as_bytes()),
    ];
    let packed = tar(&files);
    for (name, bytes) in
        [("k.zip", zip(&files)), ("k.tar", packed.clone()), ("k.tar.gz", gz(&packed)), ("k.TGZ", gz(&packed))]
    {
        let (reading, told) = read_archive(name, &bytes);
        assert_eq!(ids(&reading), ["a", "c.zh-Hant"], "{name}: {told:?}");
        assert_eq!(reading.articles[0].item.input.body, "三十天\n", "{name}");
        assert!(reading.articles[0].path.ends_with("en/a.md"), "{name}: {:?}", reading.articles[0].path);
        assert_eq!(told, [format!("{name}!/help/b.md:3: locale: \"fr\" is not en, zh-Hans or zh-Hant")]);
    }
}

#[test]
fn a_space_of_confluence_is_read_from_its_zip() {
    let files: Vec<(String, Vec<u8>)> = fs::read_dir(fixture("confluence"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (format!("CS/{}", path.file_name().unwrap().to_string_lossy()), fs::read(&path).unwrap()))
        .collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let (reading, told) = read_archive("Confluence-space-export.zip", &zip(&files));
    assert_eq!((reading.articles.len(), reading.left_out.len()), (2, 1), "{told:?}");
}

#[test]
fn paths_that_lead_out_are_refused_by_name() {
    let good = markdown_file("a", "x");
    let good = good.as_bytes();
    let names = ["../a.md", "/etc/a.md", "x/../../a.md", "..\\a.md", "C:\\a.md"];
    let mut files: Vec<(&str, &[u8])> = names.iter().map(|&name| (name, good)).collect();
    files.push(("good.md", good));
    for (name, bytes) in [("k.tar", tar(&files)), ("k.zip", zip(&files))] {
        let (reading, told) = read_archive(name, &bytes);
        assert_eq!(ids(&reading), ["a"], "{name} {told:?}");
        assert_eq!(told.len(), names.len(), "{told:?}");
        assert!(told.iter().all(|line| line.contains("leads out of the archive")), "{told:?}");
        assert!(told[0].contains("!/../a.md"), "{told:?}");
    }
}

#[test]
fn links_are_refused_by_name() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.add_symlink("a.md", "/etc/hosts", SimpleFileOptions::default()).unwrap();
    let zipped = archive.finish().unwrap().into_inner();
    let mut archive = tar::Builder::new(Vec::new());
    for kind in [tar::EntryType::Symlink, tar::EntryType::Link] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        archive.append_link(&mut header, "a.md", "/etc/hosts").unwrap();
    }
    for (name, bytes, num) in [("k.zip", zipped, 1), ("k.tar", archive.into_inner().unwrap(), 2)] {
        let (reading, told) = read_archive(name, &bytes);
        assert!(reading.articles.is_empty());
        assert_eq!(told, vec![format!("{name}!/a.md: is a link; pack the file itself"); num]);
    }
}

#[test]
fn what_unpacks_to_far_too_much_is_refused() {
    let good = markdown_file("good", "x");
    let zeros = vec![b' '; 33_123_457];
    let files: [(&str, &[u8]); 2] = [("bomb.md", &zeros), ("good.md", good.as_bytes())];
    let (reading, told) = read_archive("k.zip", &zip(&files));
    assert_eq!(ids(&reading), ["good"]);
    assert!(told[0].starts_with("k.zip!/bomb.md: unpacks to more than "), "{told:?}");

    // The same with sizes that lie.
    let mut lying = zip(&files);
    let real = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let positions: Vec<usize> =
        lying.windows(4).enumerate().filter(|(_, window)| *window == real).map(|(at, _)| at).collect();
    assert!(!positions.is_empty());
    for at in positions {
        lying[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    let (reading, told) = read_archive("k.zip", &lying);
    assert!(!ids(&reading).contains(&"bomb"), "{told:?}");
    assert!(told.iter().any(|line| line.contains("bomb.md")), "{told:?}");

    let (reading, told) = read_archive("k.tgz", &gz(&tar(&files)));
    assert!(reading.articles.is_empty());
    assert!(told.iter().any(|line| line.contains("far more than its size")), "{told:?}");
}

#[test]
fn damaged_archives_are_reported() {
    let good = zip(&[("a.md", markdown_file("a", "x").as_bytes())]);
    for (name, bytes) in [
        ("k.zip", &good[..good.len() / 2]),
        ("k.zip", b"PK"),
        ("k.tar", b"not a tar at all, but long enough to be taken for one".as_slice()),
        ("k.tgz", &good),
    ] {
        let (reading, told) = read_archive(name, bytes);
        assert!(reading.articles.is_empty());
        assert!(name == "k.tar" || told[0].contains("cannot be unpacked"), "{name}: {told:?}");
    }
}
