//! Cuts Chinese text into words with jieba's dictionary, loaded once.

use std::{collections::HashSet, sync::LazyLock};

use jieba_rs::Jieba;

/// The dictionary: about 32 MB of memory and 0.6 s to load.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Loads the dictionary now instead of at the first call of [`segment`].
pub fn warm_up() {
    LazyLock::force(&JIEBA);
}

/// Words of Simplified Chinese text in search mode: a long word is followed by the shorter ones in
/// it. Unknown words fall apart into characters; no statistical guessing, so that the same text
/// always gives the same words.
///
/// Returns the words in the order of the text; punctuation and blanks are words too.
pub fn segment(text: &str) -> Vec<&str> {
    JIEBA.cut_for_search(text, false).into_iter().map(|token| token.word).collect()
}

/// Whether the dictionary has a text as a word of Simplified Chinese that is no person's name.
pub fn is_common_word(text: &str) -> bool {
    JIEBA.has_word(text) && !is_name(text)
}

/// Words that the dictionary takes for names and that are ordinary ones.
const NO_NAMES: &str = "武功 文明 王朝 陆军 卫星 雷达 荣誉 古老 丘陵 冷笑 武林 宫殿 胡同 顾问 王爷 王公 白雪 高峰 齐声 文武 石英 金殿 高潮 齐全 \
    黄金 黄金周 洪水 顾客 辛勤 米粉 古建筑 桂林 柏林 王府 叶子 安静 胡子 谢谢 白领 向东 康复 沙滩 马克思 梅花 吉祥 范畴 周转 孙子 宁可 凌辱 高明 陈述 荣获 丛林 \
    马匹 关怀 林立 温泉 王子 白宫 向阳 陈列 宫城 宁静 蓝天 金刚 左翼 冷汗 安抚 许可 朱红 牛顿 杜绝 卓越 沙丘 白莲 石狮 童子 祝贺 马来 白石 兰花 岳父 史诗 凌厉 \
    沙皇 高三 白白 王八 荣耀 胡闹 马克 桂花 高悬 马背 乔木 毛巾 麦子 马刺 郎中 白布 胡萝卜 张开 金石 周密 马夫 陈设 石家庄 马丁 高薪 华丽 石林 金字塔 白发 金黄 \
    林子 林木 杨柳 梅子 安危 胡涂 石柱 杜鹃 张贴 周旋 白云 田园 孔雀 高耸 梅林 王宫 龙王 华为 朱砂 史实 张嘴 古文 张口 田野 许可证 钱财 熊掌 雷声 焦黄 凌空 高兴 \
    明白 常见 常用 安全 安装 方便 方法 方案 江苏 江西 连接 连续 成功 成为 成都 时间 时候 任何 任意 单位 单独 关于 关闭 费用 简单 包装 包裹 包邮 平安 平台 平时 \
    张家口 石油 石头 毛病 毛衣 金色 金额 金卡 白色 白天 黄色 蓝色 蓝牙 马上 马路 程序 水果 水平 车辆 车站 计算 项目 严重 严格 童装 景点 尚未 游戏 游泳 贵宾 \
    易碎 曾经 路上 路由 万一 万能 何时 何必 常温 司机 顾虑 应该 应用 有效 时尚 经济 明天 明年 明显 文件 文字 文章 武汉 康熙 许多 全部 甘心 双方 钱包 商品 商家 商店";

static ORDINARY: LazyLock<HashSet<&str>> = LazyLock::new(|| NO_NAMES.split_whitespace().collect());

/// Whether the dictionary has a text as a person's name.
pub fn is_name(text: &str) -> bool {
    JIEBA.has_word(text)
        && !ORDINARY.contains(text)
        && JIEBA.tag(text, false).first().is_some_and(|tag| tag.word == text && tag.tag == "nr")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_come_with_the_shorter_ones_in_them() {
        let words = segment("中国人民银行");
        assert!(words.contains(&"中国人民银行") && words.contains(&"银行"), "{words:?}");
        assert_eq!(segment("我要退货"), ["我", "要", "退货"]);
    }
}
