//! Messages as customers write them: what must go and what must stay.

use proptest::prelude::*;

use super::*;

/// Text and what becomes of it.
const ENGLISH: &[(&str, &str)] = &[
    ("my email is jane.doe+shop@mail.example.co.uk thanks", "my email is [email] thanks"),
    ("write to jane (at) gmail (dot) com", "write to [email]"),
    ("Call me on (415) 555-0132 after 5", "Call me on [phone] after 5"),
    ("my cell 415-555-0132.", "my cell [phone]."),
    ("UK mobile 07700 900123 or 07700900123", "UK mobile [phone] or [phone]"),
    ("london office 020 7946 0958", "london office [phone]"),
    ("ring +44 20 7946 0958 please", "ring [phone] please"),
    ("whatsapp +1 (415) 555-0132", "whatsapp [phone]"),
    ("reach me: +49 30 901820", "reach me: [phone]"),
    ("text me 4155550132", "text me [phone]"),
    ("ssn 078-05-1120 is on file", "ssn [id] is on file"),
    ("national insurance QQ 12 34 56 C", "national insurance [id]"),
    ("My passport number is X1234567", "My passport number is [passport]"),
    ("charge 4111 1111 1111 1111 exp 12/27", "charge [card] exp 12/27"),
    ("card 4111-1111-1111-1111 12/27 cvv 123", "card [card] 12/27 cvv [code]"),
    ("amex 378282246310005", "amex [card]"),
    ("refund to GB82 WEST 1234 5698 7654 32 please", "refund to [bank account] please"),
    ("iban de89370400440532013000", "iban [bank account]"),
    ("the verification code is 482913", "the verification code is [code]"),
    ("482913 is my login code", "[code] is my login code"),
    ("OTP: 5521 does not work", "OTP: [code] does not work"),
    ("my password is hunter2!", "my password is [secret]!"),
    ("key sk-proj-abcdEFGH1234ijklMNOP", "key [secret]"),
    ("AKIAIOSFODNN7EXAMPLE leaked", "[secret] leaked"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "[secret]"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N", "[secret]"),
    (
        "https://shop.example/reset?token=abc123def&lang=en",
        "https://shop.example/reset?token=[secret]&lang=en",
    ),
    ("https://me:s3cret@shop.example/", "https://me:[secret]@shop.example/"),
    ("I live at 221 Baker Street, London", "I live at [address]"),
    ("ship to 1600 Amphitheatre Parkway, Mountain View, CA 94043", "ship to [address]"),
    ("my address is 12 elm road", "my address is [address]"),
    ("postcode SW1A 1AA", "postcode [address]"),
    ("My name is John Smith and my order 12345 is late", "My name is [name] and my order 12345 is late"),
    ("my name is mary o'neill, hello", "my name is [name], hello"),
    ("Hi, I'm Sarah Connor", "Hi, I'm [name]"),
    ("Hi, I'm Sarah, where is it", "Hi, I'm [name], where is it"),
    ("ask for Mrs. Robinson", "ask for Mrs. [name]"),
    ("please refund to 4111 1111 1111 1111", "please refund to [card]"),
    ("refund status 13800138000", "refund status [phone]"),
    ("I prefer 13800138000 in case", "I prefer [phone] in case"),
    ("I paid this order with 4111 1111 1111 1111", "I paid this order with [card]"),
    ("order 4111111111111111", "order [card]"),
    ("paid 2024-05-01 4111 1111 1111 1111", "paid 2024-05-01 [card]"),
    ("paid 2024/05/01 4111 1111 1111 1111 12 27", "paid 2024/05/01 [card] 12 27"),
    ("1 4111 1111 1111 1111", "1 [card]"),
    ("4111 1111 1111 1111 5555 5555 5555 4444", "[card] [card]"),
    ("my password is Tr0ub4[dor]9", "my password is [secret]"),
    ("https://shop.example/?token=ab[1]", "https://shop.example/?token=[secret]"),
    ("-----BEGIN PRIVATE KEY-----\nMIIEvg [that is all]", "[secret]"),
    ("my password is: Abc12345", "my password is: [secret]"),
    ("password Abc12345", "password [secret]"),
    ("the gate code is 2580# and the box PIN is 7193", "the gate code is [code] and the box PIN is [code]"),
    ("passports M482K1937 and M70261584", "passports [passport] and [passport]"),
    ("DB_PASSWORD=hunter22xx", "DB_PASSWORD=[secret]"),
    ("my order is for Park Seo-yeon", "my order is for [name]"),
    ("live at The Malthouse, 18 Quay Street", "live at [address]"),
    ("It broke.\n\nKind regards,\nJohn Smith", "It broke.\n\nKind regards,\n[name]"),
];

const ENGLISH_STAYS: &[&str] = &[
    "where is my order 20241105123456",
    "order number 4155550132 has not come",
    "tracking 1Z999AA10123456784",
    "USPS tracking 9400 1000 0000 0000 0000 00",
    "it cost $1,299.00 or 1299.00 EUR",
    "delivered on 2024-11-05 at 14:30",
    "between 9:00 and 18:00 on 11/05/2024",
    "firmware 10.0.22631.4317 on my laptop",
    "I bought 3 items for 25% off",
    "error code 50213 at checkout",
    "promo code 20245 does not work",
    "my discount code is SAVE2024",
    "the code never arrived",
    "verification code expired after 1000 seconds",
    "the order code is on the box",
    "my password is not working",
    "password reset 2024-11-05 failed",
    "order no. 4155550132 and order number: 4155550133",
    "forgot password https://shop.example/reset1",
    "I reset my password yesterday",
    "forgot password, link is dead",
    "serial number SN48291034857201",
    "call me back within 24 hours",
    "I called 3 times in 2024",
    "I am American and live in Berlin",
    "I'm Really upset",
    "I'm waiting for it since 2 weeks",
    "My name is wrong on the invoice",
    "my name is misspelled on the parcel",
    "your hotline 1-800-555-0199 is busy",
    "order 550e8400-e29b-41d4-a716-446655440000",
    "2 day delivery to the street address",
    "a 5 star place to shop",
    "size 42, width 10 cm, 220-240 V",
    "https://shop.example/p/4539148803436467?color=red",
    "invoice 2024-0001234 from Tide Plus",
    "@shopexample please answer",
];

const SIMPLIFIED: &[(&str, &str)] = &[
    ("邮箱zhang.san@163.com收不到", "邮箱[email]收不到"),
    ("我的电话13800138000", "我的电话[phone]"),
    ("打138-0013-8000给我", "打[phone]给我"),
    ("＋８６ １３８００１３８０００", "[phone]"),
    ("手机号:１３８００１３８０００。", "手机号:[phone]。"),
    ("+86 138 0013 8000", "[phone]"),
    ("008613800138000", "[phone]"),
    ("座机010-12345678", "座机[phone]"),
    ("公司(0755)26001234转8", "公司[phone]转8"),
    ("联系电话是 0571-87654321", "联系电话是 [phone]"),
    ("身份证11010519491231002X要改", "身份证[id]要改"),
    ("３１０１０４１９９００３０７１２３Ｘ", "[id]"),
    ("身份证号310104 19900307 123x", "身份证号[id]"),
    ("护照号E12345678过期了", "护照号[passport]过期了"),
    ("港澳通行证C12345678", "港澳通行证[passport]"),
    ("退到6228480012345671吧", "退到[card]吧"),
    ("卡号6217 0012 3456 7890 122", "卡号[card]"),
    ("信用卡安全码123", "信用卡安全码[code]"),
    ("验证码是482913", "验证码是[code]"),
    ("482913是我的验证码", "[code]是我的验证码"),
    ("动态码 5521 提示错误", "动态码 [code] 提示错误"),
    ("密码是abc12345，登不上", "密码是[secret]，登不上"),
    ("密钥：Zx81kd92LmQp47Ts0aBc", "密钥：[secret]"),
    (
        "链接https://shop.example/a?token=abc&id=1打不开",
        "链接https://shop.example/a?token=[secret]&id=1打不开",
    ),
    ("请寄到北京市朝阳区建国路88号2栋1501室", "请寄到北京市朝阳区[address]"),
    ("地址改成广东省深圳市南山区科技园南路12号。", "地址改成广东省深圳市南山区[address]。"),
    ("我住在南京东路100号", "我住在[address]"),
    ("我叫张伟，订单没到", "我叫[name]，订单没到"),
    ("我叫欧阳娜娜", "我叫[name]"),
    ("我是王先生", "我是[name]先生"),
    ("收件人：李小明", "收件人：[name]"),
    ("联系人刘洋 13912345678", "联系人[name] [phone]"),
    ("我姓陈", "我姓[name]"),
    ("物流单号6228480012345671查不到", "物流单号[card]查不到"),
    ("订单问题请打13800138000", "订单问题请打[phone]"),
    ("2024-05-01 6228480012345671付的", "2024-05-01 [card]付的"),
    ("密码 Abc12345", "密码 [secret]"),
    ("密码Abc12345登不上", "密码[secret]登不上"),
    ("我和许朵、贺兰和邢瑞雪去", "我和[name]、[name]和[name]去"),
    ("我叫玛丽亚·科斯塔，登录码5820 31", "我叫[name]，登录码[code]"),
    ("方洼村李湾组17号", "[address]"),
    ("密码是：Tr0ub4[dor]9", "密码是：[secret]"),
];

const SIMPLIFIED_STAYS: &[&str] = &[
    "订单号20241105123456什么时候发货",
    "订单13800138000还没到",
    "快递单号73123456789012",
    "运单号SF1234567890123",
    "花了1299.00元，退了12,000元",
    "2024年11月5日14:30下的单",
    "2024-11-05到货，11月11日还没退",
    "满300减50，打8.5折",
    "版本10.3.2.1闪退",
    "错误代码50213",
    "优惠码20245用不了",
    "验证码收不到，等了1000秒",
    "验证码5分钟内有效",
    "密码忘了怎么办",
    "密码不对，提示错误",
    "打了400-820-8820没人接",
    "拨打10086没用",
    "我叫你们退款听不懂吗",
    "我叫了客服三次",
    "我是老客户",
    "买了女士包和女士鞋",
    "客服小姐态度很好",
    "快递先生没打电话",
    "我在市区的路上看到3号店",
    "地铁2号线旁边的门店",
    "3号楼门口取件",
    "1-3个工作日到账",
    "尺码170/92A，买了3件",
    "型号XR-20241105",
    "会员号88231234积分没到",
    "工单20241105001一直没处理",
    "发票号12345678开错了",
];

const TRADITIONAL: &[(&str, &str)] = &[
    ("信箱 wang@gmail.com 收不到信", "信箱 [email] 收不到信"),
    ("手機0912345678", "手機[phone]"),
    ("電話 0912-345-678 謝謝", "電話 [phone] 謝謝"),
    ("手機：０９１２３４５６７８", "手機：[phone]"),
    ("+886 912 345 678", "[phone]"),
    ("公司 (02)2345-6789 分機 5", "公司 [phone] 分機 5"),
    ("市話02-2345-6789", "市話[phone]"),
    ("香港電話 +852 9123 4567", "香港電話 [phone]"),
    ("請打給我 91234567", "請打給我 [phone]"),
    ("致電9123 4567搵我", "致電[phone]搵我"),
    ("聯絡電話:6123-4567", "聯絡電話:[phone]"),
    ("身分證A123456789要更正", "身分證[id]要更正"),
    ("F223456786", "[id]"),
    ("身份證號碼A123456(3)", "身份證號碼[id]"),
    ("HKID G9876544", "HKID [id]"),
    ("護照號碼 300123456", "護照號碼 [passport]"),
    ("台胞證12345678", "台胞證[passport]"),
    ("刷4111111111111111失敗", "刷[card]失敗"),
    ("卡號 5555 5555 5555 4444", "卡號 [card]"),
    ("安全碼 123", "安全碼 [code]"),
    ("驗證碼 482913 一直錯", "驗證碼 [code] 一直錯"),
    ("482913 是我的驗證碼", "[code] 是我的驗證碼"),
    ("密碼：Tide2024!", "密碼：[secret]!"),
    ("寄到台北市信義區信義路五段7號12樓之3", "寄到台北市信義區[address]"),
    ("地址是新北市板橋區縣民大道二段7號", "地址是新北市板橋區[address]"),
    ("九龍旺角彌敦道123號5樓A室", "[address]"),
    ("我叫陳怡君，想退貨", "我叫[name]，想退貨"),
    ("我是林小姐", "我是[name]小姐"),
    ("收件人:黃志明", "收件人:[name]"),
    ("敝姓張", "敝姓[name]"),
    ("物流單號6228480012345671", "物流單號[card]"),
    ("密碼 Abc12345", "密碼 [secret]"),
    ("專員阿賢叫我唸還原碼 4kq8-z2mt-91xp", "專員[name]叫我唸還原碼 [code]"),
    ("老鄧話護照H41820935過期", "[name]話護照[passport]過期"),
    ("台東郵政第3之27號信箱", "[address]"),
    ("這筆訂單用 4111 1111 1111 1111 付款", "這筆訂單用 [card] 付款"),
];

const TRADITIONAL_STAYS: &[&str] = &[
    "訂單編號20241105123456還沒出貨",
    "訂單0912345678沒到",
    "宅配單號 903412345678",
    "NT$1,299 刷了兩次",
    "HK$12,000 未退款",
    "2024/11/05 14:30 下單",
    "11月5日到貨",
    "3–7 個工作天",
    "打八折再折50元",
    "版本 2.14.0 會閃退",
    "錯誤代碼 50213",
    "折扣碼 20245 不能用",
    "驗證碼收不到",
    "驗證碼 5 分鐘內有效",
    "密碼忘記了",
    "客服專線0800-000-188打不通",
    "我叫你們退錢",
    "我叫了客服三次",
    "我是老客戶",
    "女士鞋尺寸 38",
    "客服小姐很親切",
    "捷運2號出口的門市",
    "3號櫃台取貨",
    "型號 A1234567",
    "驗證碼收不到，錯誤代碼是E-1047",
    "客服妹妹很親切",
    "發票號碼 AB12345678",
    "統一編號 12345678",
    "點數 88231234 沒進來",
    "110V 和 220V",
    "尺寸 170/92A 買 3 件",
];

#[test]
fn what_is_personal_or_secret_goes() {
    let mut wrong = Vec::new();
    for (text, expected) in ENGLISH.iter().chain(SIMPLIFIED).chain(TRADITIONAL) {
        let redacted = redact(text);
        if redacted.text != *expected {
            wrong.push(format!("{text}\n   {}\n   {expected}", redacted.text));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn orders_prices_dates_and_the_like_stay() {
    let all = ENGLISH_STAYS.iter().chain(SIMPLIFIED_STAYS).chain(TRADITIONAL_STAYS);
    let changed: Vec<String> = all
        .map(|text| (text, redact(text).text))
        .filter(|(text, now)| *text != now)
        .map(|(text, now)| format!("{text} -> {now}"))
        .collect();
    assert!(changed.is_empty(), "{} changed:\n{}", changed.len(), changed.join("\n"));
}

#[test]
fn spans_are_of_the_source() {
    let text = "電話：＋８８６ ９１２ ３４５ ６７８，信箱 a@b.example";
    let redacted = redact(text);
    let spans: Vec<(&str, Kind)> =
        redacted.spans.iter().map(|(span, kind)| (&text[span.clone()], *kind)).collect();
    assert_eq!(spans, [("＋８８６ ９１２ ３４５ ６７８", Kind::Phone), ("a@b.example", Kind::Email)]);
}

#[test]
fn a_part_of_a_text_has_placeholders_for_whole_spans() {
    let text = "我叫陳怡君，電話 0912345678，謝謝";
    let spans = redact(text).spans;
    let at = |part: &str| text.find(part).unwrap();
    assert_eq!(within(text, &spans, 0..text.len()), redact(text).text);
    assert_eq!(within(text, &spans, at("，")..text.len()), "，電話 [phone]，謝謝");
    assert_eq!(within(text, &spans, at("怡")..at("電話")), "[name]，");
    assert_eq!(within(text, &spans, at("電話")..at("345678")), "電話 [phone]");
    assert_eq!(within(text, &spans, at("0912")..at("0912")), "");
    assert_eq!(within(text, &spans, at("我") + 1..at("電") + 1), "我叫[name]，電");
    assert_eq!(within(text, &spans, 500..900), "");
}

#[test]
fn digits_of_other_scripts_are_left_alone() {
    for text in ["a१२३-४५-६७८९b", "१२३-४५-६७८९", "٤١١١ ١١١١ ١١١١ ١١١١", "手机१३८००१३८०००", "𝟏𝟐𝟑-𝟒𝟓-𝟔𝟕𝟖𝟗"]
    {
        assert_eq!(redact(text).text, text);
    }
}

#[test]
fn what_an_earlier_redaction_left_stays_as_it_is() {
    for text in [
        "my password is [secret]",
        "密码：[secret]。",
        "?token=[secret]&a=1",
        "[card] [bank account]",
        "Dear [name],",
        "[name]小姐",
    ] {
        assert_eq!(redact(text).text, text);
    }
}

#[test]
fn a_placeholder_that_a_customer_writes_hides_nothing_beside_it() {
    for (text, expected) in [
        ("密码：[secret]x1", "密码：[secret]"),
        ("my password is ab[card]99", "my password is [secret]"),
        ("-----BEGIN PRIVATE KEY-----\nMII[name]Evg\n-----END PRIVATE KEY-----", "[secret]"),
        ("mysql://root:ab[id]cd@db.example/x", "mysql://root:[secret]@db.example/x"),
    ] {
        assert_eq!(redact(text).text, expected);
        assert_eq!(redact(expected).text, expected);
    }
}

#[test]
fn long_and_repetitive_texts_come_to_an_end() {
    for piece in [
        "1 ",
        "4111 1111 1111 1111 ",
        "order no ",
        "a@",
        "1380013",
        "市区路",
        "-----BEGIN PRIVATE KEY-----",
        "my name is a ",
        "GB82 ",
        "我叫",
        "Karen ",
        "Dear Wong Ka Yan, ",
        "陈小明先生",
        "password is ",
        "路1号",
        "身份证11010519491231002",
        "护照E12345678、",
        "(02) ",
        "[name",
        "1.",
        "@a.",
        "eyJabcdefg.",
        "i'm ",
        "passport A1234567 ",
        "验证码 12 34 56 ",
        "许朵、",
        "玛丽亚·",
        "Hannah Lindqvist, ",
        "recovery phrase apple ",
        "村3组",
        "The Old Mill, ",
        "密码 1和",
    ] {
        let text = piece.repeat(4_000);
        let redacted = redact(&text);
        assert!(redacted.spans.iter().all(|(span, _)| span.end <= text.len()), "{piece:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn redacting_is_total_and_done_once(text in "([a-zA-Z@. :/?=&-]{0,12}|[0-9０-９ +()-]{0,20}|[我叫张电话是市区路号验证码手机先生密码卡]{0,8}|code |card |\n|I'm |Karen |Dear |Wong Ka|, |陈小明|收件人|小姐|先生|敬上|地址|[a-z]{0,3}\\[(name|secret|card|phone)\\][a-z0-9]{0,3}|护照E1234567|许朵、|贺兰和|阿May|·|OTP |K4-77|SECRET=ab1|12 Elm Road|\\?token=|otp ){0,14}") {
        let once = redact(&text);
        let mut end = 0;
        for (span, _) in &once.spans {
            prop_assert!(span.start >= end && span.start < span.end);
            prop_assert!(text.get(span.clone()).is_some());
            end = span.end;
        }
        let twice = redact(&once.text);
        prop_assert_eq!(&twice.text, &once.text);
    }
}
