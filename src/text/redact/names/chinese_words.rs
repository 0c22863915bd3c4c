//! Words and characters that tell a Chinese name, Simplified.

use std::{collections::HashSet, sync::LazyLock};

use crate::text::is_han;

/// A list written with commas.
fn split(list: &'static str) -> Vec<&'static str> {
    list.split(", ").collect()
}

/// Surnames of one character in Simplified, about in order of frequency.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈\
    钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙史陶贺毛段郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易\
    乔伍庞颜庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕裴霍涂苗谷曲盛冉骆蓝辛靳柴蒙鲍华喻祁蒲滕屈饶牟艾尤\
    穆卓古吉缪简项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬卞姬仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩佘池苑邝游\
    成时洪赖詹巫游幸丘阎初蔺单覃诸邸揭鄢匡雍厉糜邰司尧";
/// Those that are also frequent words: a name only where something says so.
const WORDS: &str = "于和向常安万方高白金石黄江明连时成马何任张路曾文易华包武施康温关许单米费简游商党古沙左水双钱司马梅毛章幸初席连项计\
    严童祝盛景田程管尚顾史龙雷牛牟冷甘宁吉";
/// Frequent characters of given names, Simplified.
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华红建国志海燕波鑫鹏飞玉萍丹梅云莉斌宇浩凯健俊帆雪帅慧婷颖佳怡欣悦\
    琳倩瑶璐洁雯蕾晶晨曦阳旭东冬春夏秋宏洪亮光峰岩峻林森松柏彬诚信义仁德福寿康宁安泰祥瑞吉庆喜乐荣华富贵才学思远哲睿智博文\
    雅芝琴芬芹莲菊荷桃杏柳竹兰馨香薇萱蓉菲茜莹莎珊珍珠琪琦琼瑾瑜璇玥玲珑环佩碧翠青蓝紫红丹彤虹霓霜露雨雪冰凌清澈沁涵润泽洪\
    淑贤惠慈婉娴妍姣娇媛嫣嫒婕媚姗姿娅娥妮妹好如若诗画书琴棋韵音歌舞梦幻忆念恩爱情心意志向远航翔飞鸿鹤鹏燕莺凤凰龙虎豹麟骏\
    驰骋骁勇毅刚坚强猛威武雄豪杰英俊伟岸嵩岳川江河海洋湖波涛浪潮源泉溪润淼沐沛泓浩瀚广博渊深宽厚昊天宇宙星辰日旭昕晓晖晴晟\
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
    凡城尔良士树襄儿相格希斐村娘礼章锡花知白令治府自银至陵登仙法怀望桥洛莱晋命孟杨儒温献济岭理毛合普乔尧禄奥彩遂典端弘兹绿千沙卓鱼北女孙庄铁卿初翊羿昀沂甯岑妡纭纶腾庸添枝招绸彗槿樱棻瑄莹萤薰爽楚氏甜橙桐棉果豆朵禾米糖楼岚鸥鹭鹿雁莘筱囡妞婵嫱姝妙婳媱姵姎妘妏沅沄泠洺浠淳渲湘滢滨澄澍熠燊炜灵珞珣琬琰瑀瑗璟璞畅畇皎睦祈祉祎秉稷穗\
    竞笑筱素紫绍绎绮缇罗翎翩耘聆聿舒芃芷苏苑茹荔荞莞菀菁菡葆葵蒙蓓蔚蕴藜藻蝶行褀觅誉谦谧豫贝贤赫跃轲迎述逢遥邑郦酉醇采里量野金钊钰铃铄铎锋锐锦镇镕长阔阡陆隽雁雍雯霁霏靓鞠韬韶颉飒馥馨骐骞骥骅高魁鲁鲲黎黛齐龄立堃喆\
    叶芯芹芸芽苒苓范茂荆萌菱菽葳蒋薪藤虔虞蛟衍衷裳西谊象贺赋足辛达迁迟通道郡鄂醒里鑫锴镜问闻阙阅除隐雅零雷霄青非革韦风香驹骄魏鸥鸿鹃鹊麒麓默鼎龙生根水土火木财来成发进步前进友朋群华兵军民工农红旗\
    崎哲圆缘园源渊元媛远苑院悦岳跃越粤阅敬静景镜境净竞径靖婧晶京经精惊兢鲸菁旌荆敏闽悯皿旻民珉岷抿闵彭朋鹏棚\
    丰峰锋风枫烽逢冯凤奉凰皇黄璜湟辰晨臣尘沉陈宸忱辉晖徽惠慧卉汇会绘荟蕙桂贵柱珠朱竹祝筑朱诸注";
/// Characters that a given name hardly has and that often follow a name.
const AFTER_NAMES: &str = "我你您他她的是在想要请电手订号地住了吗呢吧和买下从不用说来把被这那先女小太也都就还没已会能给寄收签到去对跟与或及等\
    于问办退换错写打发很太系话张咗嘅佢唔将叫上昨今前后几多点什怎为但因所让使个名向代本改送拿取负帮答告推应该登投取绑时只再又刚才才";
/// Titles after a name; after a role's, one character needs to stand apart.
pub(super) const TITLES: &[&str] =
    &["先生", "小姐", "女士", "太太", "师傅", "同学", "阿姨", "叔叔", "大哥", "大姐", "先森"];
/// After 女士 or 先生 these make goods of it ("买了女士包").
pub(super) const GOODS: &str = "包鞋表装款手内衣专香裤裙袜帽鞋";

/// Surnames of two characters.
pub(super) static DOUBLE_SURNAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "欧阳, 司马, 诸葛, 上官, 夏侯, 东方, 皇甫, 尉迟, 公孙, 令狐, 慕容, 司徒, 端木, 范姜, 张简, 南宫, \
    长孙, 宇文, 轩辕, 独孤",
    )
});

/// What introduces a name, Simplified.
pub(super) static INTRODUCTIONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "订房人, 订票人, 订位人, 预订人, 预约人, 报名人, 信息, 资料, 收件者, 寄件者, 使用者, 持有人, 所有人, 被保险人, 授权人, 受托人, 委托, 抬头写, 姓名写, 署名人, 大名, 芳名, 小名叫, 客户是, 我是客户, 我是顾客, 我是会员, 报修人, 反馈人, 评价人, 我叫, 名叫, 叫做, 名字, 姓名, 收件人, 收货人, 取件人, 取货人, 寄件人, 发件人, 联系人, 联络人, \
    订购人, 订货人, 下单人, 持卡人, 购买人, 申请人, 付款人, 收款人, 受款人, 代理人, 经办人, 签收人, \
    投保人, 被保人, 入住人, 乘客, 户名, 户主, 署名, 登记人, 会员名, 真名, 本名, 全名, 人名, 转告, 转给, \
    转交, 尊敬的, 亲爱的, 敬爱的, 本人, 我是, 我系, 这里是, 使用人, 被叫, 名为, 登记的是, 写的是, 写成, \
    包裹写, 名下是, 负责人, 监护人, 发货人, 寄货人, 落款, 收件, 收货, 客人, 顾客, 客户, 旅客, 宾客, \
    收信人, 投诉人, 当事人, 车主, 业主, 租客, 患者, 学员, 家长, 昵称, 称呼, 叫做, 名字叫, 新郎, 新娘, \
    寿星, 乘车人, 驾驶人, 推荐人, 介绍人, 紧急联系, 签名, 受益人, 代领人, 委托人, 证件名, 收方, 抬头",
    )
});

/// What stands for "is" between an introduction and a name.
pub(super) static LINKS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "是, 为, 叫, 系, 写, 写成, 写的是, 改成, 改为, 换成, 应该是, 就是, 名, 姓名, 名字, 人, 改, 填, \
    填的是, 分别是, 了",
    )
});

/// Roles and relations before a name.
pub(super) static ROLES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "安装工, 维修工, 工人, 送货员, 配送员, 导游, 教练, 店小二, 营业员, 服务员, 客户经理, 理财经理, 女婿, 儿媳, 阿姐, 阿哥, 我女, 我仔, 个女, 个仔, 小姑, 舅妈, 姑妈, 姨妈, 伯父, 堂弟, 堂妹, 干妈, 学长, 学姐, 学弟, 学妹, 闺女, 舍友, 老公, 老婆, 太太, 先生, 妻子, 丈夫, 妈妈, 母亲, 爸爸, 父亲, 儿子, 女儿, 孩子, 朋友, 同事, 同学, \
    室友, 哥哥, 弟弟, 姐姐, 妹妹, 闺蜜, 邻居, 助理, 客服, 专员, 店员, 店长, 顾问, 司机, 快递员, 师傅, \
    业务员, 业务, 销售, 主管, 经理, 主任, 老师, 医生, 律师, 会计, 财务, 人员, 工程师, 老板, 导购, 我妈, \
    我爸, 我哥, 我弟, 我姐, 我妹, 我儿, 外婆, 奶奶, 爷爷, 技师, 管家, 房东, 女友, 男友, 小孩, 媳妇, \
    爱人, 对象, 爷, 外公, 姑姑, 舅舅, 阿姨, 表哥, 表姐, 表弟, 表妹, 堂哥, 看护, 保姆, 门市, 柜员, 客户, \
    买家, 卖家, 学生, 督导, 课长, 副理, 协理, 襄理, 大堂, 前台, 先生叫, 岳父, 岳母, 公公, 婆婆, 孙子, \
    孙女, 小儿, 小女, 仔仔, 囡囡, 阿妈, 阿爸, 细佬, 家姐, 大佬, 妈咪, 爹地, 保安, 店主, 合伙人, 秘书, \
    女儿叫, 儿子叫, 孩子叫, 老公叫, 老婆叫, 侄子, 外甥, 员工, 组长, 代表, 骑手",
    )
});

/// Verbs and particles before a name: weaker.
pub(super) static VERBS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "改成, 改为, 换成, 把, 将, 这是, 我是, 有个, 约, 见, 给, 由, 被, 帮, 替, 找, 请, 让, 和, 跟, 与, 同, 叫, 为, 代, 联系, 通知, 麻烦, 请问, 是, 写, 寄, 俾, \
    搵, 揾, 问, 但我是, 应该是, 不是, 的",
    )
});

pub(super) static ROLE_TITLES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "经理, 主任, 主管, 老师, 医生, 律师, 店长, 专员, 组长, 科长, 处长, 老板, 教授, 博士, 警官, 会计, \
    助理, 顾问, 站长, 队长, 班长, 校长, 总监, 总, 工, 姐, 哥, 太, 生, 客服, 护士, 秘书, 叔, 姨, 伯, Sir",
    )
});

/// What follows a name in its own right.
pub(super) static FOLLOWERS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "说, 的手机, 的钢琴, 把, 弄, 打, 会, 要, 想, 签收, 代收, 代领, 收, 敬上, 谨上, 拜上, 敬启, 上, 你好, 您好, 的订单, 的护照, 的会员, 的助理, 下的, \
    订的, 买的, 付的, 拿的, 签的, 是我, 帮我, 名下, 本人, 的名, 的账, 的帐, 的手机, 的电话, 先收, 说, \
    话会, 告诉我, 答应, 接待, 推荐, 的妈妈, 的爸爸, 寄的, 寄来",
    )
});

/// Brands, shops and figures that look like a person, Simplified.
pub(super) static BRANDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "康师傅, 王老吉, 周大福, 周大生, 周生生, 张小泉, 李锦记, 李宁, 谢馥春, 王守义, 陈克明, 周黑鸭, \
    张君雅, 黄飞红, 刘一手, 杨国福, 张亮麻, 郑明明, 林清轩, 林氏, 方太, 马可波罗, 金龙鱼, 汤臣, 顾家, \
    白象, 康佳, 安踏, 马应龙, 陈李济, 王致和, 李子园, 王小卤, 钟薛高, 郝太太, 王品, 谢瑞麟, 六福, \
    金先生, 米先生, 史努比, 马里奥, 孙悟空, 唐僧, 张国荣, 孔夫子, 陈麻婆, 毛先生, 陈皮, \
    陈醋, 江小白, 张裕, 何首乌, 白小姐, 方小姐牌, 马先生牌, 韩束, 安井, 石先生, 易先生, 温太太, 姚太太, \
    东方航空, 东方甄选, 司马光, 高先进",
    )
});

/// Characters by their use.
pub(super) static SETS: LazyLock<Sets> = LazyLock::new(|| Sets {
    surnames: SURNAMES.chars().filter(|character| is_han(*character)).collect(),
    words: WORDS.chars().filter(|character| is_han(*character)).collect(),
    given: GIVEN.chars().filter(|character| is_han(*character)).collect(),
    after: AFTER_NAMES.chars().filter(|character| is_han(*character)).collect(),
});

/// Characters by their use.
pub(super) struct Sets {
    /// Surnames.
    pub(super) surnames: HashSet<char>,
    /// Surnames that are also frequent words.
    pub(super) words: HashSet<char>,
    /// Frequent in given names.
    pub(super) given: HashSet<char>,
    /// Hardly of a given name.
    pub(super) after: HashSet<char>,
}
