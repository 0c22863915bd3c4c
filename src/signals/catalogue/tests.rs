use super::*;

#[test]
fn every_pattern_compiles() {
    let all =
        service::FAMILIES.iter().chain(&harm::FAMILIES).chain(&money::FAMILIES).chain(&standing::FAMILIES);
    let mut count = 0;
    for family in all {
        for pattern in [family.english, family.chinese, family.weak, family.company, family.unless].concat() {
            assert!(Regex::new(&spelled_out(pattern)).is_ok(), "{pattern} is {}", spelled_out(pattern));
            count += 1;
        }
    }
    assert_eq!(CATALOGUE.families.len(), 11);
    assert!(ASKED.is_some() && SOLVED.is_some() && NEGATED.is_some());
    assert!(count > 200, "{count}");
}

/// The kinds found in a message.
fn kinds(text: &str) -> Vec<SignalKind> {
    let mut kinds: Vec<SignalKind> = find(&Reading::of(text, std::slice::from_ref(&(0..text.len()))))
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    kinds.dedup();
    kinds
}

#[test]
fn every_signal_is_found_in_every_language() {
    use SignalKind::*;
    let cases: &[(SignalKind, &[&str])] = &[
        (
            Outage,
            &[
                "Your booking system has been down since 8am",
                "we have no internet in the whole building",
                "nobody can log in, portal shows error 503",
                "is the website offline for everyone?",
                "系统从早上开始就崩了",
                "整栋楼都断网了",
                "網站掛了嗎 大家都進不去",
                "成座大廈冇晒網",
            ],
        ),
        (
            Scope,
            &[
                "about 300 staff can't log in",
                "all our stores are offline",
                "nobody in the office can open the app",
                "全公司200多人登不上",
                "我们40个门店都刷不了卡",
                "三間分店都連不上",
                "成間公司都入唔到系統",
            ],
        ),
        (
            Security,
            &[
                "I think my account was hacked",
                "there is a payment on my card I did not authorise",
                "someone logged into my account from Brazil",
                "my wallet got stolen with your card in it",
                "I can see another customer's address in my orders",
                "我的卡被盗刷了",
                "有人用我的账号下单",
                "帳號被盜了",
                "張信用卡唔見咗",
                "碌咗三千蚊，唔係我碌嘅，俾人盜用",
            ],
        ),
        (
            Safety,
            &[
                "the charger caught fire last night",
                "nobody was hurt but it caught fire",
                "my daughter cut her hand on the broken edge",
                "smells of gas since your engineer left",
                "got an electric shock from the kettle",
                "充电宝冒烟了",
                "热水器漏电，电了我一下",
                "吃完全家上吐下瀉",
                "插頭燒焦了",
                "部風筒爆咗火花",
                "個掣漏電，電親我",
            ],
        ),
        (
            DataLoss,
            &[
                "all my photos have disappeared after the update",
                "the sync deleted our client files",
                "I lost three years of notes",
                "更新后照片全没了",
                "数据全部被清空",
                "存檔不見了",
                "啲相全部唔見晒",
            ],
        ),
        (
            Legal,
            &[
                "you will hear from my lawyer",
                "I'm taking you to small claims court",
                "I have complained to the ombudsman",
                "the local press will love this",
                "不处理我就打12315",
                "我会起诉你们",
                "我已經向消保會申訴",
                "再唔退錢就消委會見",
            ],
        ),
        (
            PaymentBlocked,
            &[
                "my card keeps getting declined",
                "the payout has not arrived",
                "can't check out, payment fails every time",
                "money was taken but the order says unpaid",
                "付款一直失败",
                "提现三天没到账",
                "刷卡一直刷不過",
                "碌極卡都碌唔到",
            ],
        ),
        (
            LockedOut,
            &[
                "I'm locked out of my account",
                "can't log in since this morning",
                "my account has been suspended",
                "the door code doesn't work and I'm standing outside",
                "账号登不上",
                "账户被冻结了",
                "帳號被鎖住了",
                "入唔到戶口",
            ],
        ),
        (
            RepeatedContact,
            &[
                "this is the third time I'm writing",
                "I already emailed twice and got no reply",
                "I called last week about this",
                "我已经问了三次了",
                "打了好几次电话都没人接",
                "上次客服說會處理",
                "我上星期都打過嚟",
                "第四次來信",
            ],
        ),
        (
            ChurnThreat,
            &[
                "I'm never ordering from you again",
                "fix this or I'm switching to another provider",
                "we will take our business elsewhere",
                "再也不会买你们家东西",
                "不解决我就换别家",
                "再這樣我就退會",
                "以後都唔會再幫襯",
            ],
        ),
        (
            VulnerablePerson,
            &[
                "my elderly mother needs the stairlift",
                "she's pregnant and the heating is off",
                "my son needs his insulin from the fridge",
                "I use a wheelchair",
                "家里有八十岁的老人",
                "我老婆怀孕了",
                "家裡有洗腎的病人",
                "我媽坐輪椅",
                "阿嫲八十幾歲",
            ],
        ),
    ];
    let mut missed = Vec::new();
    for (kind, texts) in cases {
        missed.extend(
            texts.iter().filter(|text| !kinds(text).contains(kind)).map(|text| (kind, text, kinds(text))),
        );
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn look_alikes_are_no_signals() {
    let wrong: Vec<_> = [
        "not urgent, just checking on my order",
        "what happens if I'm locked out?",
        "do you offer 24h outage support?",
        "this dress is fire",
        "killer deal, is it still on?",
        "my phone died laughing at your ad",
        "does the heater come with overheat protection",
        "the price is down since yesterday",
        "please calm down",
        "how do I protect my account from fraud?",
        "is the tennis court near the showroom",
        "which social media are you on?",
        "can I change the size of my lamp",
        "do you have gift cards for kids' rooms",
        "was locked out yesterday, fixed now",
        "delete my data please",
        "how do I cancel my subscription?",
        "third time I bought this lamp, love it",
        "my tracking is still processing",
        "这款是爆款吗",
        "炸鸡套餐多少钱",
        "空气炸锅有几种颜色",
        "怎么防诈骗",
        "如果忘了密码怎么办",
        "跌價了嗎",
        "五樓沒電梯可以送嗎",
        "防盗门多少钱",
        "这个敏感肌能用吗，会不会过敏",
        "怎么取消自动续费",
        "灯坏了能退吗",
        "会员可以免费换货三次吗",
        "適合送老人的禮物",
        "昨天登不上，现在已经好了",
        "把聊天记录删了吧",
        "個火鍋爐正到爆",
        "你哋幾點開門",
    ]
    .into_iter()
    .map(|text| (text, kinds(text)))
    .filter(|(_, kinds)| !kinds.is_empty())
    .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn assert_kind(kind: SignalKind, is_found: bool, texts: &[&str]) {
    let wrong: Vec<_> = texts
        .iter()
        .filter(|text| kinds(text).contains(&kind) != is_found)
        .map(|text| (text, kinds(text)))
        .collect();
    assert!(wrong.is_empty(), "{kind:?} found: {is_found}: {wrong:#?}");
}

#[test]
fn what_burns_is_told_from_praise_and_denial() {
    assert_kind(
        SignalKind::Safety,
        true,
        &[
            "my charger is on fire",
            "the kettle was on fire",
            "充电器着火了",
            "電熱水壺起火了",
            "插座是不是漏电了",
            "差点没烧着",
            "nobody was hurt but it caught fire",
            "it is not safe to use",
        ],
    );
    assert_kind(
        SignalKind::Safety,
        false,
        &[
            "this dress is fire",
            "the lamp isn't on fire or anything, it just flickers",
            "you guys are on fire, great service",
            "灯没有着火，就是闪",
            "沒有受傷，只是盒子破了",
            "未受伤，想换一个",
            "幸好無受傷，想換貨",
        ],
    );
}

#[test]
fn a_hotline_is_a_threat_only_where_it_is_called() {
    assert_kind(
        SignalKind::Legal,
        true,
        &[
            "不处理我就打12315",
            "已投诉到12345热线",
            "再這樣我就打1950申訴",
            "向12315举报你们",
            "直接12315",
            "I will report you to 12315",
            "calling 12345 about this",
        ],
    );
    assert_kind(
        SignalKind::Legal,
        false,
        &[
            "order 12345 has not arrived",
            "订单12345到哪了",
            "訂單 12345 投訴無門嗎",
            "一共付了1950元",
            "找1950塊的那件",
            "MT12345 到了吗",
            "room 12305",
            "律师袍有货吗",
            "律師袍有貨嗎",
            "do you have a lawyer costume",
        ],
    );
}

#[test]
fn nobody_there_is_no_second_contact() {
    assert_kind(
        SignalKind::RepeatedContact,
        true,
        &[
            "I emailed three times and nobody answers",
            "still nobody replies to me",
            "发了邮件都没人理",
            "電話打了三天都沒人接",
            "一直没人回复我",
            "已經打咗好多次都冇人理我",
        ],
    );
    assert_kind(
        SignalKind::RepeatedContact,
        false,
        &["nobody answers", "no one picks up the phone", "没人理", "客服電話沒人接", "都冇人理我"],
    );
}
