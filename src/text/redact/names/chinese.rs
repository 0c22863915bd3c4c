//! Chinese names: a surname of the list, a given name of one or two characters, and what stands around.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use crate::text::{fold::fold, is_han, segment};

/// Surnames of one character in Simplified, about in order of frequency.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈\
    钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙史陶贺毛段郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易\
    乔伍庞颜庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕裴霍涂苗谷曲盛冉骆蓝辛靳柴蒙鲍华喻祁蒲滕屈饶牟艾尤\
    穆卓古吉缪简项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬卞姬仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩佘池苑邝游\
    洪赖詹巫游幸丘阎初蔺单覃诸邸揭鄢匡雍厉糜邰司尧";
/// Those that are also frequent words: a name only where something says so.
const WORDS: &str = "于和向常安万方高白金石黄江明连时成马何任张路曾文易华包武施康温关许单米费简游商党古沙左水双钱司马梅毛章幸初席连项计\
    严童祝盛景田程管尚顾史龙雷牛牟冷甘宁吉";
/// Surnames of two characters.
const DOUBLE_SURNAMES: [&str; 20] = [
    "欧阳", "司马", "诸葛", "上官", "夏侯", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "端木",
    "范姜", "张简", "南宫", "长孙", "宇文", "轩辕", "独孤",
];
/// Frequent characters of given names, Simplified.
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华红建国志海燕波鑫鹏飞玉萍丹梅云莉斌宇浩凯健俊帆雪帅慧婷颖佳怡欣悦\
    琳倩瑶璐洁雯蕾晶晨曦阳旭东冬春夏秋宏洪亮光峰岩峻林森松柏彬诚信义仁德福寿康宁安泰祥瑞吉庆喜乐荣华富贵才学思远哲睿智博文\
    雅芝琴芬芹莲菊荷桃杏柳竹兰馨香薇萱蓉菲茜莹莎珊珍珠琪琦琼瑾瑜璇玥玲珑环佩碧翠青蓝紫红丹彤虹霓霜露雨雪冰凌清澈沁涵润泽洪\
    淑贤惠慈婉娴妍姣娇媛嫣嫒婕媚姗姿娅娥妮妹好如若诗画书琴棋韵音歌舞梦幻忆念恩爱情心意志向远航翔飞鸿鹤鹏燕莺凤凰龙虎豹麟骏\
    驰骋骁勇毅刚坚强猛威武雄豪杰英俊伟岸嵩岳川江河海洋湖波涛浪潮源泉溪润淼沐沛泓浩瀚广博渊深宽厚昊天宇宙星辰月日旭昕晓晖晴晟\
    昌盛兴旺隆达成功立业创新建设国家邦民中华振兴胜利捷凯旋奇正永恒久长生健全维新家宝保卫平世传承继宗祖耀辉煌灿炫炎焱烨煜熙照\
    然燃子梓紫之以一二三小大少元亨利贞亦奕毅逸轶益翼怡宜仪颐贻彦妍言岩炎延研筱晓孝效笑啸肖冠宽官关佑友优幼又右悠有由\
    嘉佳家加甲珈伽茵音殷因荫茗铭鸣名溟柔蓁臻珍真贞桢祯甄振震镇政正征铮筝峥筠均君军钧俊骏浚竣皓浩昊豪好颢灏\
    宗祐翰玮纬维唯惟薇微巍卫蔚威尉慰宥育裕玉毓钰煜郁昱雨羽禹语宇予妤榆渝愉瑜珮沛佩蓓培裴霖琳麟凛淋临邻俐莉丽立力励历砺\
    娜楠男南岚兰澜懿艺怡谊意亿忆伊依衣祎漪仁人任认品频苹萍坪屏评凭瓶廷婷庭亭霆挺艇凯铠恺开楷揩哲喆浙者泽则择责轩萱宣玄璇\
    旋绚璿瑄暄珩恒衡横姮仲忠钟中众重崇聪从丛冲充宠冬东栋董懂佟彤童桐同统通潼瞳升声生胜圣盛晟笙甥嫦常昌畅敞尚上裳\
    雄熊胸凶兄绍邵韶少劭哨珣询荀洵巡寻勋薰训逊迅珏爵觉决诀绝厥珂柯可克科课客坷颗刻纲钢岗刚冈港勤琴钦秦沁芩覃芹禽\
    芮蕊瑞睿锐叡润闰乐勒雷磊蕾垒全权泉荃诠铨娣迪笛狄帝弟第蒂棣棠塘唐堂涵含寒韩晗函翰汉罕撼瀚诺懦糯糥娓\
    州舟周洲宙昼骤咏泳永勇颂松诵宋颂淞嵩赞攒展占湛战站展瞻沾昭照召兆赵肇朝超潮巢晁潇霄宵萧逍销消箫\
    顺舜瞬顾固谷古故鼓股钴琥虎护互户沪笏麒琪其奇棋祺淇齐歧绮起启企杞岂琦麦脉迈满曼蔓漫慢幔\
    崎哲圆缘园源渊元媛远苑院月悦岳跃越粤阅敬静景镜境净竞径靖婧晶京经精惊兢鲸菁旌荆敏闽悯皿旻民珉岷抿闵彭朋鹏棚\
    丰峰锋风枫烽逢冯凤奉凰皇黄璜湟辰晨臣尘沉陈宸忱辉晖徽惠慧卉汇会绘荟蕙桂贵柱珠朱竹祝筑朱诸注";
/// Characters that a given name hardly has and that often follow a name.
const AFTER_NAMES: &str = "我你您他她的是在想要请电手订号地住了吗呢吧和买下从不用说来把被这那先女小太也都就还没已会能给寄收签到去对跟与或及等\
    于问办退换错写打发很太系话张咗嘅佢唔将叫上昨今前后几多点什怎为但因所让使个名向代本改送拿取负帮答告推应该登投取绑时只再又刚才才";
/// What introduces a name, Simplified.
const INTRODUCTIONS: &[&str] = &[
    "我叫",
    "名叫",
    "叫做",
    "名字",
    "姓名",
    "收件人",
    "收货人",
    "取件人",
    "取货人",
    "寄件人",
    "发件人",
    "联系人",
    "联络人",
    "订购人",
    "订货人",
    "下单人",
    "持卡人",
    "购买人",
    "申请人",
    "付款人",
    "收款人",
    "受款人",
    "代理人",
    "经办人",
    "签收人",
    "投保人",
    "被保人",
    "入住人",
    "乘客",
    "户名",
    "户主",
    "署名",
    "登记人",
    "会员名",
    "真名",
    "本名",
    "全名",
    "人名",
    "转告",
    "转给",
    "转交",
    "尊敬的",
    "亲爱的",
    "敬爱的",
    "本人",
    "我是",
    "我系",
    "这里是",
    "使用人",
    "被叫",
    "名为",
    "登记的是",
    "写的是",
    "写成",
    "包裹写",
    "名下是",
    "负责人",
    "监护人",
    "受益人",
    "代领人",
    "委托人",
    "证件名",
    "收方",
    "抬头",
];
/// What stands for "is" between an introduction and a name.
const LINKS: &[&str] = &[
    "是",
    "为",
    "叫",
    "系",
    "写",
    "写成",
    "写的是",
    "改成",
    "改为",
    "换成",
    "应该是",
    "就是",
    "名",
    "姓名",
    "名字",
    "人",
    "改",
    "填",
    "填的是",
    "分别是",
    "了",
];
/// Roles and relations before a name.
const ROLES: &[&str] = &[
    "老公",
    "老婆",
    "太太",
    "先生",
    "妻子",
    "丈夫",
    "妈妈",
    "母亲",
    "爸爸",
    "父亲",
    "儿子",
    "女儿",
    "孩子",
    "朋友",
    "同事",
    "同学",
    "室友",
    "哥哥",
    "弟弟",
    "姐姐",
    "妹妹",
    "闺蜜",
    "邻居",
    "助理",
    "客服",
    "专员",
    "店员",
    "店长",
    "顾问",
    "司机",
    "快递员",
    "师傅",
    "业务员",
    "业务",
    "销售",
    "主管",
    "经理",
    "主任",
    "老师",
    "医生",
    "律师",
    "会计",
    "财务",
    "人员",
    "工程师",
    "老板",
    "导购",
    "我妈",
    "我爸",
    "我哥",
    "我弟",
    "我姐",
    "我妹",
    "我儿",
    "外婆",
    "奶奶",
    "爷爷",
    "技师",
    "管家",
    "房东",
    "女友",
    "男友",
    "小孩",
    "媳妇",
    "侄子",
    "外甥",
    "员工",
    "组长",
    "代表",
    "骑手",
];
/// Verbs and particles before a name: weaker.
const VERBS: &[&str] = &[
    "给",
    "由",
    "被",
    "帮",
    "替",
    "找",
    "请",
    "让",
    "和",
    "跟",
    "与",
    "同",
    "叫",
    "为",
    "代",
    "联系",
    "通知",
    "麻烦",
    "请问",
    "是",
    "写",
    "寄",
    "俾",
    "搵",
    "问",
    "但我是",
    "应该是",
    "不是",
    "的",
];
/// Titles after a name; after a role's, one character needs to stand apart.
const TITLES: &[&str] =
    &["先生", "小姐", "女士", "太太", "师傅", "同学", "阿姨", "叔叔", "大哥", "大姐", "先森"];
const ROLE_TITLES: &[&str] = &[
    "经理", "主任", "主管", "老师", "医生", "律师", "店长", "专员", "组长", "科长", "处长", "老板", "教授",
    "博士", "警官", "会计", "助理", "顾问", "站长", "队长", "班长", "校长", "总监", "总", "工", "姐", "哥",
    "太", "生", "客服", "护士", "秘书", "叔", "姨", "伯", "Sir",
];
/// What follows a name in its own right.
const FOLLOWERS: &[&str] = &[
    "签收",
    "代收",
    "代领",
    "收",
    "敬上",
    "谨上",
    "拜上",
    "敬启",
    "上",
    "你好",
    "您好",
    "的订单",
    "的护照",
    "的会员",
    "的助理",
    "的妈妈",
    "的爸爸",
    "寄的",
    "寄来",
];
/// After 女士 or 先生 these make goods of it ("买了女士包").
const GOODS: &str = "包鞋表装款手内衣专香裤裙袜帽鞋";

static SETS: LazyLock<Sets> = LazyLock::new(|| Sets {
    surnames: SURNAMES.chars().filter(|character| is_han(*character)).collect(),
    words: WORDS.chars().filter(|character| is_han(*character)).collect(),
    given: GIVEN.chars().filter(|character| is_han(*character)).collect(),
    after: AFTER_NAMES.chars().filter(|character| is_han(*character)).collect(),
});

struct Sets {
    surnames: HashSet<char>,
    words: HashSet<char>,
    given: HashSet<char>,
    after: HashSet<char>,
}

/// A text by characters, folded to Simplified.
struct Reader {
    folded: Vec<char>,
    /// The byte of each character, and the text's length.
    offsets: Vec<usize>,
}

/// The names in a text, rising and apart.
pub(in super::super) fn names(text: &str) -> Vec<Range<usize>> {
    if !text.bytes().any(|byte| byte >= 0xe3) {
        return Vec::new();
    }
    let reader = Reader::new(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < reader.folded.len() {
        match reader.name_at(at) {
            Some(name) => {
                found.push(reader.offsets[name.start]..reader.offsets[name.end]);
                at = name.end;
            }
            None => at += 1,
        }
    }
    found
}

impl Reader {
    fn new(text: &str) -> Self {
        let folded: Vec<char> = fold(text).chars().collect();
        let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        offsets.push(text.len());
        Self { folded, offsets }
    }

    /// The name that begins at a character.
    fn name_at(&self, at: usize) -> Option<Range<usize>> {
        if !is_han(self.at(at)) {
            return None;
        }
        let surname = self.surname(at);
        let nickname = || self.nickname(at);
        if surname == 0 {
            return nickname();
        }
        let end = at + surname;
        self.titled(at, end)
            .or_else(|| self.only_surname(at, end))
            .or_else(|| self.introduced(at, end))
            .or_else(|| self.signed(at, end))
            .or_else(|| self.related(at, end))
            .or_else(|| self.free(at, end))
            .or_else(nickname)
    }

    /// How many characters of a surname begin at a character; 0 for none.
    fn surname(&self, at: usize) -> usize {
        let is_double = DOUBLE_SURNAMES.iter().any(|double| self.has(at, double));
        if is_double { 2 } else { usize::from(SETS.surnames.contains(&self.at(at))) }
    }

    /// A character, Simplified; none after the end.
    fn at(&self, at: usize) -> char {
        self.folded.get(at).copied().unwrap_or_default()
    }

    fn has(&self, at: usize, word: &str) -> bool {
        let length = word.chars().count();
        self.folded.get(at..at + length).is_some_and(|part| part.iter().copied().eq(word.chars()))
    }

    fn has_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.has(at, word))
    }

    /// Where a text before a character ends with one of some words: where that word begins.
    fn preceded(&self, at: usize, words: &[&str]) -> Option<usize> {
        words.iter().find_map(|word| {
            let start = at.checked_sub(word.chars().count())?;
            self.has(start, word).then_some(start)
        })
    }

    fn is_han_at(&self, at: usize) -> bool {
        self.folded.get(at).is_some_and(|&character| is_han(character))
    }

    /// Whether a name can begin here: nothing of the same word stands before.
    fn begins(&self, at: usize) -> bool {
        at == 0 || !self.is_han_at(at - 1) || !self.is_word(at - 1..at + 1)
    }

    /// Whether characters are a word of the dictionary that is no name.
    fn is_word(&self, range: Range<usize>) -> bool {
        self.folded.get(range).is_some_and(|part| segment::is_common_word(&part.iter().collect::<String>()))
    }

    /// Whether a given name of some characters can stand here.
    fn can_be_given(&self, range: Range<usize>) -> bool {
        let part = self.folded.get(range);
        part.is_some_and(|part| {
            !part.is_empty()
                && part.iter().all(|character| is_han(*character) && !SETS.after.contains(character))
        })
    }

    /// How many of the characters of a given name are frequent in such.
    fn frequent(&self, range: Range<usize>) -> usize {
        self.folded
            .get(range)
            .map_or(0, |part| part.iter().filter(|character| SETS.given.contains(character)).count())
    }

    /// 陈女士, 王经理, 李国华先生.
    fn titled(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let is_titled = |end: usize| self.has_any(end, TITLES) && !self.is_goods(end);
        let is_in_role = |end: usize| self.has_any(end, ROLE_TITLES) && self.ends_title(end);
        for given in [2, 1] {
            let name_end = end + given;
            let is_name =
                is_titled(name_end) || (is_in_role(name_end) && self.frequent(end..name_end) == given);
            let crosses = self.is_word(at..end + 1) && given == 1 && self.frequent(end..name_end) == 0;
            let inner_title = self.surname(name_end - 1) > 0 && given == 1 && self.is_joining(at);
            if is_name
                && self.can_be_given(end..name_end)
                && self.is_free_of_words(at, end, name_end)
                && !crosses
                && !inner_title
            {
                return Some(at..name_end);
            }
        }
        let apart = self.begins(at);
        let is_alone = is_titled(end) && !self.is_word(at..end + 1);
        let is_alone_in_role =
            is_in_role(end) && apart && !self.is_word(at..end + 1) && !self.is_word(at..end + 2);
        (is_alone || is_alone_in_role).then_some(at..end)
    }

    /// Prepositions that are surnames too.
    fn is_joining(&self, at: usize) -> bool {
        "于和向对从时有何任".contains(self.at(at))
    }

    /// Whether 女士 here is of goods for women.
    fn is_goods(&self, at: usize) -> bool {
        self.folded.get(at + 2).is_some_and(|&next| GOODS.contains(next))
    }

    /// Whether a role of one character ("总", "生") is a title here and not the beginning of a word.
    fn ends_title(&self, at: usize) -> bool {
        let two = ROLE_TITLES.iter().any(|title| title.chars().count() > 1 && self.has(at, title));
        let one = !self.is_word(at..at + 2) && !self.is_word(at - 1..at + 1) && !self.has(at, "小姐姐");
        two || (one && (!self.is_han_at(at + 1) || SETS.after.contains(&self.at(at + 1))))
    }

    /// 我姓林, 免贵姓秦.
    fn only_surname(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let is_said = at.checked_sub(1).is_some_and(|before| self.at(before) == '姓')
            && (self
                .preceded(at, &["我姓", "免贵姓", "敝姓", "个姓", "位姓", "是姓", "客服姓", "他姓", "她姓"])
                .is_some());
        (is_said && !self.has(at, "名")).then_some(at..end)
    }

    /// Where a name after an introduction ends.
    fn introduced(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let is_introduced = self.introduction(at)?;
        // "姓名：彭于庭，": all that stands there is the name, whatever its characters.
        let alone = [2, 1]
            .map(|given| end + given)
            .into_iter()
            .find(|&name_end| (end..name_end).all(|at| self.is_han_at(at)) && !self.is_han_at(name_end));
        if is_introduced == Introduction::Strong
            && let Some(name_end) = alone
            && !self.is_word(at..name_end)
        {
            return Some(at..name_end);
        }
        let name_end = self.given_end(at, end)?;
        // 我是, 本人 and the like introduce anything.
        let is_weak = is_introduced == Introduction::Weak;
        let is_double = name_end - end == 2 && self.at(end) == self.at(end + 1);
        let is_likely = self.frequent(end..name_end) > 0
            && !self.is_word(at..name_end)
            && (is_double || !self.is_word(at..end + 1));
        let is_free = !SETS.words.contains(&self.at(at)) || self.frequent(end..name_end) == name_end - end;
        (!is_weak || (is_likely && is_free)).then_some(at..name_end)
    }

    /// What introduces the name at a character: skips blanks, colons, quotes and "is".
    fn introduction(&self, at: usize) -> Option<Introduction> {
        let mut end = self.skip_back(at);
        for _ in 0..3 {
            let introduced = self.preceded(end, INTRODUCTIONS);
            if let Some(start) = introduced {
                let is_weak =
                    ["我是", "我系", "本人", "这里是"].iter().any(|weak| self.has(start, weak)) && end == at;
                return Some(if is_weak { Introduction::Weak } else { Introduction::Strong });
            }
            let Some(linked) = self.preceded(end, LINKS) else { break };
            end = self.skip_back(linked);
        }
        None
    }

    fn skip_back(&self, mut at: usize) -> usize {
        const MAX_BLANKS: usize = 3;
        for _ in 0..MAX_BLANKS {
            match at.checked_sub(1) {
                Some(before) if " :：\"“「『《(（\t".contains(self.at(before)) => at = before,
                _ => break,
            }
        }
        at
    }

    /// Where a name with this surname ends: after one or two characters of a given name.
    fn given_end(&self, at: usize, end: usize) -> Option<usize> {
        if !self.can_be_given(end..end + 1) {
            return None;
        }
        let one = end + 1;
        let two = end + 2;
        if !self.can_be_given(end..two) {
            return Some(one);
        }
        // 王芳|订单: the second character begins a word of its own.
        let next_is_word = self.is_word(one..one + 2) && !self.is_word(end..two);
        let is_rare = self.frequent(one..two) == 0;
        let one_is_name = self.frequent(end..one) == 1;
        if next_is_word
            && (is_rare || one_is_name)
            && self.is_han_at(two)
            && !SETS.after.contains(&self.at(two))
            && !self.has_any(two, TITLES)
        {
            return Some(one);
        }
        let _ = at;
        Some(two)
    }

    /// A line of its own, or before 敬上: a signature.
    fn signed(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let is_line_start = at > 0 && {
            let mut before = at;
            while before > 0 && " \t-—–".contains(self.at(before - 1)) {
                before -= 1;
            }
            before > 0 && self.at(before - 1) == '\n'
        };
        if (!is_line_start && at > 0) || "祝安顺此敬".contains(self.at(at)) {
            return None;
        }
        [2, 1]
            .into_iter()
            .map(|given| end + given)
            .find(|&name_end| self.ends_signature(end, name_end, is_line_start))
            .filter(|&name_end| self.can_be_given(end..name_end) && !self.is_word(at..name_end))
            .filter(|&name_end| {
                self.frequent(end..name_end) == name_end - end || self.is_free_of_words(at, end, name_end)
            })
            .map(|name_end| at..name_end)
    }

    /// Whether a signature ends after a name: the line does, or 敬上 stands there.
    fn ends_signature(&self, end: usize, name_end: usize, is_line: bool) -> bool {
        if !(end..name_end).all(|at| self.is_han_at(at)) {
            return false;
        }
        let rest: String = self.folded.iter().skip(name_end).take(4).collect();
        let rest = rest.trim_start_matches([' ', '\t', '。']);
        let ends_line = rest.is_empty() || rest.starts_with('\n');
        (is_line && ends_line)
            || ["敬上", "谨上", "拜上", "敬启", "谨启", "手书"].iter().any(|word| rest.starts_with(word))
    }

    /// After a role, a relation or a verb, or before what a person does.
    fn related(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let from = self.skip_back(at);
        let has_role = self.preceded(from, ROLES).is_some();
        let has_verb = from == at && self.preceded(at, VERBS).is_some();
        let starts = at == 0 || !self.is_han_at(at - 1) || has_verb || has_role;
        let common = !SETS.words.contains(&self.at(at));
        for given in [2, 1] {
            let name_end = end + given;
            if !self.can_be_given(end..name_end) || !self.is_free_of_words(at, end, name_end) {
                continue;
            }
            let frequent = self.frequent(end..name_end);
            let is_followed = self.has_any(name_end, FOLLOWERS) || (!self.is_han_at(name_end) && has_role);
            let ends = !self.is_han_at(name_end) || SETS.after.contains(&self.at(name_end));
            let is_name = (has_role && ends && (frequent == given || (common && frequent > 0)))
                || (starts && is_followed && frequent == given && (common || given == 2))
                || (has_verb && ends && given == 2 && frequent == given)
                || (has_verb
                    && ends
                    && given == 1
                    && frequent == 1
                    && common
                    && (self.is_name_word(at..name_end) || !self.is_han_at(name_end)))
                || (self.is_apart(at, name_end) && frequent == given && common);
            if is_name {
                return Some(at..name_end);
            }
        }
        None
    }

    /// Whether a name is all that stands between two marks ("，徐蕾，").
    fn is_apart(&self, at: usize, name_end: usize) -> bool {
        let is_mark = |at: Option<usize>| at.is_none_or(|at| ",，、。;；|/ \n".contains(self.at(at)));
        at > 0 && is_mark(at.checked_sub(1)) && is_mark(Some(name_end).filter(|&end| end < self.folded.len()))
    }

    /// Whether a dictionary knows the characters as a person's name.
    fn is_name_word(&self, range: Range<usize>) -> bool {
        self.folded.get(range).is_some_and(|part| segment::is_name(&part.iter().collect::<String>()))
    }

    /// Whether no word of the dictionary lies across the parts of a name or within it.
    fn is_free_of_words(&self, at: usize, end: usize, name_end: usize) -> bool {
        let is_given_word =
            name_end - end == 2 && self.is_word(end..name_end) && self.frequent(end..name_end) < 2;
        !self.is_word(at..name_end) && !self.is_word(at..end + 1) && !is_given_word
    }

    /// A frequent surname and two frequent characters, which no word crosses.
    fn free(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let name_end = end + 2;
        if SETS.words.contains(&self.at(at))
            || !self.can_be_given(end..name_end)
            || self.frequent(end..name_end) < 2
        {
            return None;
        }
        let crosses_start = at > 0 && self.is_han_at(at - 1) && self.is_word(at - 1..end);
        let crosses_end = self.is_han_at(name_end)
            && (self.is_word(name_end - 1..name_end + 1) || self.is_word(name_end - 1..name_end + 2))
            && !SETS.after.contains(&self.at(name_end));
        let is_name = !crosses_start
            && !crosses_end
            && self.is_free_of_words(at, end, name_end)
            && !self.is_word(end..name_end)
            && !self.is_word(end..name_end + 1);
        is_name.then_some(at..name_end)
    }

    /// 客服小雨, 店员小陈, 门市人员阿凯: a role and a name for friends.
    fn nickname(&self, at: usize) -> Option<Range<usize>> {
        const NO_NICKNAMES: &str = "姐妹时区票心程件包的号型伙孩朋友学哥弟米家额费吃卖店数白二明组";
        let next = *self.folded.get(at + 1)?;
        let fits = match self.at(at) {
            '小' => is_han(next) && !NO_NICKNAMES.contains(next),
            '老' => SETS.surnames.contains(&next),
            '阿' => is_han(next) && !"姨里爸妈".contains(next),
            _ => false,
        };
        let has_role =
            self.preceded(at, ROLES).is_some() || self.preceded(at, &["跟", "找", "叫", "同"]).is_some();
        let ends = !self.is_han_at(at + 2) || SETS.after.contains(&self.at(at + 2));
        (fits && has_role && ends).then_some(at..at + 2)
    }
}

/// How much an introduction says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Introduction {
    /// Anything after it is believed.
    Strong,
    /// It also introduces what is no name ("我是老客户").
    Weak,
}
