//! How many people a scope names.

use super::numbers;

/// Words after a number that count people; stores, rooms and machines are no people.
const PEOPLE: [&str; 46] = [
    "staff",
    "people",
    "person",
    "employee",
    "user",
    "customer",
    "client",
    "guest",
    "driver",
    "colleague",
    "agent",
    "patient",
    "student",
    "nurse",
    "worker",
    "resident",
    "tenant",
    "member",
    "passenger",
    "teacher",
    "doctor",
    "pupil",
    "player",
    "engineer",
    "children",
    "kids",
    "of us",
    "of them",
    "人",
    "员工",
    "同事",
    "同仁",
    "客户",
    "用户",
    "顾客",
    "学生",
    "司机",
    "骑手",
    "病人",
    "患者",
    "住户",
    "客人",
    "旅客",
    "乘客",
    "会员",
    "老师",
];

/// The number of people that the words of a scope name ("about 300 staff", 200多人); `None` when they name none.
///
/// Stores, sites and machines are a scope without a number of people.
pub(super) fn number(words: &str) -> Option<u64> {
    if !PEOPLE.iter().any(|people| words.contains(people)) {
        return None;
    }
    let figures: String = words
        .chars()
        .skip_while(|character| !character.is_ascii_digit())
        .take_while(|character| character.is_ascii_digit() || *character == ',')
        .filter(|&character| character != ',')
        .collect();
    if !figures.is_empty() {
        return figures
            .parse()
            .ok()
            .map(|count: u64| if words.contains("万") { count.saturating_mul(10_000) } else { count });
    }
    let han: String =
        words.chars().filter(|character| "零一二两三四五六七八九十百千万".contains(*character)).collect();
    let spelled = numbers::chinese(&han).or_else(|| words.split(' ').find_map(numbers::english));
    spelled.and_then(|count| u64::try_from(count).ok()).filter(|count| *count > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted_and_shops_are_not() {
        for (words, expected) in [
            ("300 staff", Some(300)),
            ("22 of us", Some(22)),
            ("all 1,200 users", Some(1200)),
            ("twelve people", Some(12)),
            ("200多人", Some(200)),
            ("一千二百人", Some(1200)),
            ("3万用户", Some(30_000)),
            ("40个门店", None),
            ("all four ambulance stations", None),
            ("全公司", None),
            ("all staff", None),
        ] {
            assert_eq!(number(words), expected, "{words}");
        }
    }
}
