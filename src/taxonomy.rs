//! The intents: names for people, queue, department, and what handling one takes.
//!
//! What each intent means is in `models/training/LABELS.md`; ids are stable.

mod hong_kong;

use crate::message::{Locale, Wording};

/// Version of the set of intents; a model states the one that it was trained for.
pub const VERSION: &str = "1";

/// What it takes to handle an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// The same answer for every customer: the knowledge base can give it.
    Information,
    /// Customers can do it themselves when told how; a person has to when the knowledge base
    /// does not say.
    SelfService,
    /// Needs data or an action in the customer's own account or order.
    Case,
    /// Concerns everybody, not one customer's account: somebody looks after the service itself.
    Incident,
    /// A person must look, whatever an article says.
    Risk,
    /// A team's queue is right and nobody needs to be there live.
    Queue,
    /// A greeting or a farewell: a short reply, no search.
    SmallTalk,
    /// The customer asks for a person.
    Person,
    /// Nothing to answer.
    Ignore,
}

/// Whose deadlines apply to an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Department {
    /// Orders, money, accounts.
    Sales,
    /// Products and services that fail.
    Technical,
    /// Customers with a contract, whatever they want.
    Enterprise,
}

impl Department {
    /// Name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Technical => "technical",
            Self::Enterprise => "enterprise",
        }
    }
}

/// One intent of the taxonomy.
#[derive(Debug, PartialEq, Eq)]
pub struct Intent {
    /// Stable id, `group.intent`.
    pub id: &'static str,
    /// Name in English.
    pub name_en: &'static str,
    /// Name in Simplified Chinese.
    pub name_zh_hans: &'static str,
    /// Name in Traditional Chinese.
    pub name_zh_hant: &'static str,
    /// Queue that it is routed to.
    pub queue: &'static str,
    /// Whose deadlines apply.
    pub department: Department,
    /// What it takes to handle it.
    pub handling: Handling,
}

impl Intent {
    /// Finds an intent by its id.
    pub fn find(id: &str) -> Option<&'static Self> {
        INTENTS.iter().find(|intent| intent.id == id)
    }

    /// Name in a language.
    pub const fn name(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::En => self.name_en,
            Locale::ZhHans => self.name_zh_hans,
            Locale::ZhHant => self.name_zh_hant,
        }
    }

    /// Name in a region's words.
    pub fn name_in(&self, wording: Wording) -> &'static str {
        match wording {
            Wording::ZhHantHk => hong_kong::name(self).unwrap_or(self.name_zh_hant),
            Wording::En | Wording::ZhHans | Wording::ZhHantTw => self.name(wording.locale()),
        }
    }

    /// Whether a text is its name in any language or region; the case of letters does not matter.
    pub fn is_called(&self, name: &str) -> bool {
        Wording::ALL.iter().any(|&wording| self.name_in(wording).eq_ignore_ascii_case(name))
    }
}

/// Queue of messages whose intent is not known or fits no team.
pub const DEFAULT_QUEUE: &str = "general";

macro_rules! intents {
    ($($id:literal $queue:literal $department:ident $handling:ident $en:literal $hans:literal $hant:literal;)*) => {
        &[$(Intent {
            id: $id, name_en: $en, name_zh_hans: $hans, name_zh_hant: $hant,
            queue: $queue, department: Department::$department, handling: Handling::$handling,
        }),*]
    };
}

/// Every intent, in the label guide's order.
pub const INTENTS: &[Intent] = intents! {
    "account.create" "account" Sales Information "Open an account" "注册账号" "註冊帳號";
    "account.registration_problem" "account" Technical SelfService "Problem signing up" "注册遇到问题" "註冊遇到問題";
    "account.login_problem" "account" Technical SelfService "Cannot log in" "登录不了" "無法登入";
    "account.update" "account" Sales SelfService "Change account details" "修改账号资料" "修改帳號資料";
    "account.close" "account" Sales Case "Close the account" "注销账号" "刪除帳號";
    "order.place" "sales" Sales Information "Place an order" "下单购买" "下單購買";
    "order.change" "orders" Sales Case "Change an order" "修改订单" "修改訂單";
    "order.cancel" "orders" Sales Case "Cancel an order" "取消订单" "取消訂單";
    "delivery.track" "delivery" Sales Case "Where is my order" "查询物流进度" "查詢配送進度";
    "delivery.options" "delivery" Sales Information "Delivery methods, times and fees" "配送方式、时效和运费" "配送方式、時間與運費";
    "delivery.problem" "delivery" Sales Case "Delivery late, lost or wrong" "快递延误、丢失或送错" "配送延誤、遺失或送錯";
    "delivery.change_address" "delivery" Sales Case "Change delivery address or time" "修改收货地址或时间" "更改送貨地址或時間";
    "product.question" "sales" Sales Information "Question about a product" "商品咨询" "商品諮詢";
    "product.price" "sales" Sales Information "Price, discount or coupon" "价格、优惠或优惠券" "價格、優惠或折價券";
    "product.damaged_or_wrong" "returns" Sales Case "Item broken, wrong or missing" "商品破损、发错或少件" "商品損壞、寄錯或缺件";
    "return.request" "returns" Sales SelfService "Return or exchange an item" "退货或换货" "退貨或換貨";
    "return.policy" "returns" Sales Information "Rules for returns" "退换货规则" "退換貨規定";
    "refund.request" "billing" Sales Case "Get money back" "申请退款" "申請退款";
    "refund.status" "billing" Sales Case "Where is my refund" "退款进度" "退款進度";
    "warranty.repair" "warranty" Technical Case "Repair or warranty" "维修或保修" "維修或保固";
    "payment.methods" "billing" Sales Information "Ways to pay" "支付方式" "付款方式";
    "payment.problem" "billing" Sales Case "Payment failed or stuck" "支付失败或异常" "付款失敗或異常";
    "billing.dispute" "billing" Sales Case "Wrong or unknown charge" "扣款有误或不明扣费" "扣款有誤或不明扣款";
    "billing.invoice" "billing" Sales SelfService "Invoice or receipt" "发票" "發票";
    "subscription.start_or_change" "subscriptions" Sales SelfService "Start or change a plan" "开通或变更套餐" "開通或變更方案";
    "subscription.cancel" "subscriptions" Sales SelfService "Stop a plan" "取消订阅或自动续费" "取消訂閱或自動續訂";
    "subscription.newsletter" "subscriptions" Sales SelfService "Marketing messages" "营销短信或邮件" "行銷訊息或電子報";
    "technical.how_to" "technical" Technical Information "How to do something" "使用方法" "使用方法";
    "technical.problem" "technical" Technical Case "Something does not work" "功能故障" "功能故障";
    "technical.outage" "technical" Technical Incident "Service is down" "服务中断" "服務中斷";
    "security.report" "security" Technical Risk "Fraud, theft or account takeover" "盗号、盗刷或诈骗" "盜用、盜刷或詐騙";
    "safety.report" "safety" Technical Risk "Danger to people" "人身安全问题" "人身安全問題";
    "privacy.request" "privacy" Sales Risk "Personal data" "个人信息请求" "個人資料請求";
    "booking.manage" "bookings" Sales Case "Booking or appointment" "预约或预订" "預約或訂位";
    "loyalty.points" "loyalty" Sales SelfService "Points, membership or gift card" "积分、会员或礼品卡" "點數、會員或禮物卡";
    "contact.human" "general" Sales Person "Talk to a person" "转人工客服" "轉接真人客服";
    "contact.information" "general" Sales Information "Opening hours and contact" "营业时间和联系方式" "營業時間與聯絡方式";
    "feedback.complaint" "complaints" Sales Case "Complaint" "投诉" "客訴";
    "feedback.praise" "feedback" Sales Queue "Praise" "表扬" "稱讚";
    "feedback.suggestion" "feedback" Sales Queue "Suggestion" "建议" "建議";
    "legal.threat" "legal" Sales Risk "Legal matter" "法律事宜" "法律事宜";
    "business.inquiry" "business" Sales Queue "Business enquiry" "商务合作" "商務合作";
    "chat.greeting" "general" Sales SmallTalk "Greeting" "打招呼" "打招呼";
    "chat.closing" "general" Sales SmallTalk "Goodbye" "结束对话" "結束對話";
    "spam" "spam" Sales Ignore "Advertising" "广告" "廣告";
    "other" "general" Sales Case "Something else" "其他" "其他";
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_taxonomy_is_the_label_guide() {
        let guide = include_str!("../models/training/LABELS.md");
        let table =
            guide.split("## Intent").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a section");
        let guided: Vec<&str> = table
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
            .filter(|cell| *cell != "intent")
            .collect();
        let ids: Vec<&str> = INTENTS.iter().map(|intent| intent.id).collect();
        assert_eq!(ids, guided);
        assert_eq!(ids.len(), 46);
    }

    #[test]
    fn names_tell_the_intents_apart_in_every_language() {
        for locale in Locale::ALL {
            let names: BTreeSet<&str> = INTENTS.iter().map(|intent| intent.name(locale)).collect();
            assert_eq!(names.len(), INTENTS.len(), "{locale}");
        }
    }
}
