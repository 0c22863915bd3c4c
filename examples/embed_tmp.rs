
use std::io::Write;
use frontdesk::encoder::TextEncoder;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let folder = frontdesk::encoder::ModelFolder::open(&frontdesk::settings::Settings::default().model.folder()).unwrap();
    let model = frontdesk::triage::Model::load(folder).unwrap();
    let text = std::fs::read_to_string(&a[1]).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut out = std::io::BufWriter::new(std::fs::File::create(&a[2]).unwrap());
    for (n, batch) in lines.chunks(16).enumerate() {
        for v in model.sentences().encode_texts(batch).unwrap() {
            for x in v { out.write_all(&x.to_le_bytes()).unwrap(); }
        }
        if n % 100 == 0 { eprintln!("{}", n * 16); }
    }
}
