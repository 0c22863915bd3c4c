//! Names of intents in Hong Kong's words, where they differ from Taiwan's.

use super::Intent;

/// Id and name; the other names are the same in both regions.
const NAMES: &[(&str, &str)] = &[
    ("account.create", "開立帳戶"),
    ("account.registration_problem", "登記遇到問題"),
    ("account.login_problem", "無法登入"),
    ("account.update", "更改帳戶資料"),
    ("account.close", "取消帳戶"),
    ("order.change", "更改訂單"),
    ("delivery.track", "查詢送貨進度"),
    ("delivery.options", "送貨方式、時間及運費"),
    ("delivery.problem", "送貨延誤、遺失或送錯"),
    ("product.question", "貨品查詢"),
    ("product.price", "價格、優惠或優惠券"),
    ("product.damaged_or_wrong", "貨品損壞、送錯或欠件"),
    ("return.policy", "退換貨規則"),
    ("warranty.repair", "維修或保養"),
    ("billing.dispute", "收費有誤或不明收費"),
    ("billing.invoice", "發票或收據"),
    ("subscription.start_or_change", "開通或更改計劃"),
    ("subscription.cancel", "取消訂閱或自動續期"),
    ("subscription.newsletter", "推廣訊息或電子通訊"),
    ("security.report", "帳戶被盜用或詐騙"),
    ("privacy.request", "個人資料要求"),
    ("booking.manage", "預約或訂座"),
    ("loyalty.points", "積分、會員或禮品卡"),
    ("contact.human", "聯絡客戶服務員"),
    ("contact.information", "營業時間及聯絡方法"),
    ("feedback.complaint", "投訴"),
    ("feedback.praise", "讚賞"),
    ("business.inquiry", "商業合作"),
];

/// The name in Hong Kong's words; `None` where Taiwan's name serves both.
pub(super) fn name(intent: &Intent) -> Option<&'static str> {
    NAMES.iter().find(|(id, _)| *id == intent.id).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{message::Wording, taxonomy::INTENTS};

    #[test]
    fn every_id_is_an_intents() {
        assert!(NAMES.iter().all(|(id, _)| Intent::find(id).is_some()));
    }

    #[test]
    fn hong_kong_reads_no_word_of_taiwan() {
        const TAIWAN: [&str; 20] = [
            "客訴",
            "折價券",
            "宅配",
            "配送",
            "商品",
            "諮詢",
            "保固",
            "方案",
            "行銷",
            "電子報",
            "點數",
            "禮物卡",
            "帳號",
            "註冊",
            "真人",
            "盜刷",
            "扣款",
            "稱讚",
            "訂位",
            "續訂",
        ];
        for intent in INTENTS {
            let name = intent.name_in(Wording::ZhHantHk);
            let found = TAIWAN.iter().find(|word| name.contains(**word));
            assert_eq!(found, None, "{}: {name}", intent.id);
        }
        let name = |id: &str| Intent::find(id).expect("an intent").name_in(Wording::ZhHantHk);
        assert_eq!((name("feedback.complaint"), name("refund.status")), ("投訴", "退款進度"));
        assert_eq!(Intent::find("feedback.complaint").expect("an intent").name_in(Wording::ZhHantTw), "客訴");
    }

    #[test]
    fn names_tell_the_intents_apart_in_hong_kong() {
        let names: BTreeSet<&str> = INTENTS.iter().map(|intent| intent.name_in(Wording::ZhHantHk)).collect();
        assert_eq!(names.len(), INTENTS.len());
    }

    #[test]
    fn a_customer_may_name_an_intent_in_any_regions_words() {
        let complaint = Intent::find("feedback.complaint").expect("an intent");
        assert!(
            ["Complaint", "complaint", "投诉", "客訴", "投訴"].iter().all(|name| complaint.is_called(name))
        );
        assert!(!complaint.is_called("讚賞"));
    }
}
