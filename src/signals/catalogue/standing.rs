//! The customer's standing: writes again, may leave, has somebody to look after.

use super::{Family, SignalKind};

/// Repeated contact, churn threat and vulnerable person.
pub(super) static FAMILIES: [Family; 3] = [REPEATED_CONTACT, CHURN_THREAT, VULNERABLE_PERSON];

const REPEATED_CONTACT: Family = Family {
    kind: SignalKind::RepeatedContact,
    english: &[
        "(second|third|fourth|fifth|sixth|seventh|tenth|2nd|3rd|4th|5th|6th|7th|8th|9th|10th|umpteenth|nth) (time )?(i |i'?m |i'?ve |i have |we |we'?ve |that i |we have |of |am )?(been )?(\\w+ )?(e-?mail|message|call|chat|ticket|letter|mail|contact(ed|ing)?|asking|asked|writing|wrote|written|calling|called|messaging|messaged|e-?mail(ed|ing)|reporting|reported|rang|ringing|chasing|chased|explaining|explained|attempt to (reach|contact)|request|complaint|enquiry|inquiry|reminder|phone call|dm|report)",
        "(asked|called|phoned|rang|rung|e-?mailed|messaged|written|wrote|contacted|reported|chased|complained|told|reached out|dm'?e?d|texted|raised (this|it)|logged (this|it)|explained|spoken|spoke)( (you|u|your \\w+|y'?all|support|them|in|to (you|someone|somebody|your|support|\\w+)|customer service|about (this|it)|this|it|with you|yous|the \\w+))* (already|twice|thrice|before|\\w+ times|\\d+ ?x|\\d+ times|again|last week|last month|yesterday|the other day|earlier|this morning|on (the )?(\\d|mon|tue|wed|thu|fri|sat|sun|first)\\w*|\\w+ days ago|\\w+ weeks? ago|a (week|month|fortnight) ago|multiple times|several times|so many times|and again|and the week before)",
        "(already|previously|twice|repeatedly|have now|'?ve now|now) (been )?(asked|called|phoned|rung|rang|e-?mailed|messaged|written|wrote|contacted|reported|chased|complained|told you|reached out|raised (this|it)|explained|spoken|spoke|sent (you )?(\\w+ ){0,2}(e-?mails?|messages?|letters?|tickets?))",
        "(i|we)( have|'?ve) (now )?(written|called|phoned|rung|e-?mailed|messaged|contacted|asked|chased|complained|reported|spoken|explained)( to)? (you|your|u|support|customer|this|it|about|in|and|them)",
        "(e-?mails?|calls?|messages?|tickets?|letters?|chats?|phone calls?|dms) (\\w+ ){0,3}(unanswered|ignored|(without|with no|and no|but no|still no) (a )?(reply|response|answer))",
        "(no|without( a| any)?|never (got|received|had|heard)( a| any)?|not (had|heard|received|got|a single)( a| any| back)?|still (no|waiting for (a|your|any|an|someone to)( \\w+)?)|haven'?t (had|heard|received|got)( a| any| back)?|yet to (get|hear|receive)( a| any)?) (reply|replies|response|answer|word|call ?back|back from you|heard back|replied|replies|answered|answers|responded|called (me )?back|got back|getting back|has (replied|answered|called|responded|got back|come back|ever))",
        "waiting (on|for) (an?|any|your|the) (answer|reply|response|call ?back|update) (to|from|since|on|for|about)|(chased|nudged|reminded|pinged|pestered) (this|it|you|them|your|support|u)( up)?|sent (you )?(a |two |three |several |my )?(reminders?|follow-?ups?)",
        "(as|like) (i )?(already )?(said|mentioned|explained|told you|stated|wrote) (before|already|earlier|last|in my|previously|yesterday|twice|on)|my (last|previous|earlier|first|second|third|two|three|four|other) (e-?mails?|messages?|tickets?|chats?|mails?|calls?|letters?|complaints?|dms?)|(following|follow) up (on|about|again|my|from)|(chasing|chase) (this|up|again|you|it|for|my)|me again|it'?s me again|here (i am )?again|writing again|calling again|asking again|messaging again|i ask again|once again i|how many (more )?times (do|must|will|should|have)",
        "(you|they|your \\w+|agent|colleague|guy|lady|rep|chap|girl|support) (\\w+ )?(told|promised|said|assured)( me| us)? (\\w+ ){0,4}(last (week|time|month|monday|tuesday|wednesday|thursday|friday)|yesterday|twice|each time|every time|the same thing|on (mon|tues|wednes|thurs|fri|satur|sun)day|(two|three|four|five|\\d+) (days|weeks) ago|already)",
        "(ticket|case|reference) (\\w+ ){0,2}(from|opened|open since|since|raised) (last|yesterday|the|\\d|\\w+ (days|weeks) ago|mon|tue|wed|thu|fri|sat|sun)\\w*|(same|this) (problem|issue|question|thing|complaint) (\\w+ )?(for the |a )(second|third|fourth|fifth|2nd|3rd|4th|5th)|each time i (call|ask|write|ring|contact)|every time i (call|ask|write|ring|contact|email|phone)",
        "(\\d+|two|three|four|five|six|seven|ten|several|countless|multiple) (e-?mails|calls|messages|tickets|letters|chats|phone calls|voicemails|dms|requests|reminders) (\\w+ ){0,2}(later|already|so far|ago|in|and|sent|to|now|this week|about|since|from me|over)",
    ],
    chinese: &[
        "(第[二三四五六七八九十几0-9nN]+)(次|封|遍|回|通|趟)…(问|催|联系|联络|联繋|打|反馈|反应|反映|投诉|客诉|发|留言|找|来信|写|来|致电|电话|邮件|信|报修|跟|讲|说|解释|提|email|搵|查询|询问|申请)",
        "(问|催|联系|联络|联繋|打电话|反馈|反应|反映|投诉|客诉|发消息|留言|找你们|来信|写信|邮件|致电|打|报修|申诉|查询|说|讲|send|email|call)(了|过|咗|过来|你们|客服|电话|俾你哋|你哋)?…(好几|无数|[二两三四五六七八九十几多数n0-9]+)(次|遍|回|封|通|轮)",
        "([二两三四五六七八九十几好多0-9]+)(次|封|通|遍|轮)(的)?(电话|邮件|信|email|留言|投诉|报修|咨询|申请|联系|call|电邮|客服)(.{0,8})(没|冇|都|还|仍|未|不)",
        "(之前|上次|上周|上礼拜|上星期|上个月|昨天|前天|寻日|琴日|早前|前几天|日前|刚才|前两天|上回|先前|前阵子)(也|都|就|已经?|有|你们|我|在|跟|和|向|已|同|你哋|曾)*…(问过|联系过|联络过|反映过|反应过|打过|说过|讲过|报修过|投诉过|写过|来信|反馈过|提过|打电话(给|来|问|投|到)(你|客|来|了|过)?|打咗|问咗|写了|发了邮件|打了|报了修|报修|留过言|留言|客服说|客服讲|答应|说好|承诺|咨询过|询问过|来过电话|致电|来电|投诉)",
        "(已经|已|都)(问|打|催|联系|联络|反映|反应|投诉|报修|反馈|留言|写信|发邮件|致电|来信)(过|了|咗|你们|客服|你哋|好几)+|(问过|联系过|反映过|反映了|投诉过|催过|报修过|打过电话|打过|讲过|说过)(你们|客服|几次|很多次|好多次|好几|多次|两次|三次|了|你哋|人工|在线|电话)",
        "(又来|再来|再次|再度|又再|又一次|再)(问|催|来信|写信|来电|联系|联络|询问|反映|投诉|致电|请教|留言|追问|跟进|提醒|call|打来|打电话|发邮件|写)",
        "(一直|还是|仍|至今|始终|到现在|依然|仲系|几天)(都|也|还)?(没有?人?|没|无人|冇人|冇|未|无|不)(回|理|处理|答复|回复|回覆|覆|理会|跟进|回应|回音|回电|接|联系|联络|打来|复|睬|理我)",
        "石沉大海|已读不回|已讀不回|杳无音信|毫无下文|没下文|冇下文|音讯全无|无下文|不了了之",
        "(表单|申请|工单|case|单|form|邮件|电邮|信|简讯|留言|客服|热线|电话)(也|都|就|填|写|发|报|交|send|打|提|开)*(了|咗|过)?…(天|日|个月|礼拜|星期|周|次)…(没|冇|未|无|都|还)(消息|人|有人|回|收到|下文|回音|反应|复|覆|回覆|理|跟进)|打(去|给|到|咗去)(分店|总公司|客服|门市|你们|你哋|热线|门店)[^.!?]{0,20}(说|叫|讲|话|没人|冇人|推|都)|(三|两|几|好几|多|[0-9]+)(天|日|周|个礼拜|个星期)了(都)?没有?人?(回|理|联系|处理)|推来推去|踢皮球|第[二三四五六七八九0-9]+(次|回|遍)(来|问|找|写|打|催)",
        "(屡次|多次|数次|反复|三番五次|三番两次|几次三番|无数次|一再|一而再|每次|次次|成日)(都)?…(联系|联络|催|反映|反应|投诉|致电|询问|来电|问|打电话|打来|说|沟通|留言|反馈|报修|查询|跟进|追问|讲)|打了…(电话|通|次)|打咗…(电话|次)|(问|催|打|send|写|追|报|讲|email)咗…(次|封|日|几)|问了…(次|遍|天|几|圈)|催了…(次|遍|天|几)|又催|追咗|前后.{0,6}(次|封|通)",
        "(又是我|我又来了|又系我|系我呀又|上次(的|那个)?(问题|事|单|case|报修|工单)|之前(的|那个)?(工单|投诉|报修单|case|ticket))",
    ],
    // Nobody there is no sign of a second contact, unless the words say that there was a first.
    weak: &[
        "(nobody|no one|noone|no-one) (ever |even |at all |has |have |is |was |here |there )*(reply|replies|replied|replying|answer|answers|answered|answering|respond|responds|responded|responding|picks? up|picking up|(calls?|called|got|gets|getting|come|comes) (me )?back)",
        "(都|也|全部|完全|从来)(都|也|还)?(没有?人?|没|无人|冇人|冇|未|无|不)(回|理|处理|答复|回复|回覆|覆|理会|跟进|回应|回音|回电|接|联系|联络|打来|复|睬|理我)|(没人|无人|冇人|没有人|都不|不|没)(回我|理我|理睬|回复我|回覆我|回信|回电|回邮件|理会我|覆我|理(,|\\.|!|$))|(热线|客服电话|hotline|你们电话|你哋电话|客服)(又|都|也|完全)?(打唔通|打不通|冇人听|没人接|无人接|打不进|占线|打极都)",
    ],
    company: &[
        "still|again|already|twice|times|(e-?mailed|called|rang|phoned|wrote|written|messaged|contacted|tried|asked|chased|reported|sent|left)|my (\\w+ )?(e-?mails?|messages?|tickets?|letters?|calls?|complaints?|requests?|reminders?)|(\\d+|two|three|four|five|six|seven|ten|several|many) (\\w+ )?(e-?mails|messages|tickets|letters|calls|hours|days|weeks)|(for|in) (days|weeks|months|ages|hours|a (day|week|month|fortnight))|since (mon|tue|wed|thu|fri|sat|sun|last|yesterday|the)\\w*",
        "(次|遍|封|通电话|又(打|问|来|没|冇|不|无)|再次|还是|仍|一直|至今|始终|依然|仲系|到现在|[0-9一二两三四五六七八九十几多好]+(天|日|周|个?星期|个?礼拜|个?月|小时)|(打|问|发|写|寄|联系|联络|投诉|反映|反馈|留言|催|报修|申请|提交|send|call|email|电话|邮件|找)(了|过|咗)|已经?(打|问|发|写|联系|联络|投诉|反映|留言|催|报修|申请|提交)|之前|上次|上周|昨天|前天|寻日|琴日)",
    ],
    unless: &[
        "(third|second|2nd|3rd|fourth) time (i('?ve)? |we('?ve)? )?(bought|buying|ordered|ordering|here|visit\\w*|stay\\w*|flying)|courier (called|rang|phoned)|driver (called|rang|phoned|told)|(never|haven'?t|didn'?t|not) (yet )?(called|contacted|asked|written|emailed) (you )?before|first time (i|asking|calling|writing)|password reset|(can|could|may) i (call|email|ask)",
        "(快递员|骑手|司机|配送员|师傅|外送员|速递员)…(没|打了|致电|打电话)|第[二三四五]次(买|购买|下单|回购|来店|光顾|来买|订|预约|住|入住|合作)|被查询|防伪|电视台|记者|密码|无人(机|驾驶|售|店)|(免费|可以|能|最多|限)…[二两三四五几0-9]+次|没人接单|不回购|一直没(回国|回家|回来)|不处理器",
    ],
    negated: false,
    asked: false,
    solved: false,
};

const CHURN_THREAT: Family = Family {
    kind: SignalKind::ChurnThreat,
    english: &[
        "(switch(ing)?|mov(e|ing)|chang(e|ing)|transferr?(ing)?|port(ing)?|defect(ing)?|jump(ing)?|go(ing)?|off) (\\w+ ){0,3}(to|over to) (a |an |another |your |one of your |some other |somebody |someone |the )?(competit\\w+|rivals?|different|another|other|else|amazon|ikea|someone|somebody|provider|supplier|bank|company|shop|carrier|airline|vendor|network|operator|platform|insurer)",
        "tak(e|ing) (my|our) (\\w+ )?(business|money|custom|savings|account|accounts|wallet|team|company|orders?|subscription|savings) (\\w+ )?(elsewhere|to|away|somewhere)",
        "(never|not|won'?t|wouldn'?t|no more|nobody|don'?t|wont|will not) (\\w+ ){0,3}(buy|buying|order|ordering|shop|shopping|book|booking|fly|flying|use|using|stay|staying|come|coming|eat|eating|purchase|purchasing|rent|renting|deal|dealing|recommend|recommending|return|spend|spending|be back|travel\\w*|renew|renewing) (\\w+ ){0,6}(again|ever again|any ?more|back|with you|from you|you to|another (penny|cent))",
        "(last|final) (time|order|purchase|booking|month|chance|payment) (i|i'?ll|i will|we|we'?ll|you'?ll|you|from me|before i|for me|that i|with you|as a)|(lost|losing|lose) (me|us|a (loyal |long-?time |good )?customer|another customer|my (custom|business)|our (custom|business)|this customer)",
        "(i'?m|i am|we'?re|we are|so|then|and|am) (so |now |officially |really |completely |absolutely )?(done|finished|through) (with|here|as a)|(i'?m|i am|we'?re|we are) (moving on|switching|cancelling everything|quitting|leaving (you|your|this (company|bank|shop|platform)))(?-u:\\b)",
        "(shop|go|going|buy|look|looking|order|ordering|book|booking|spend|bank|buying|try|find|do business|get it|get one|somewhere) (\\w+ ){0,3}(elsewhere|somewhere else|with someone else|from someone else|another shop|another company)|(a|another) (shop|company|store|provider|bank|airline) (that|who|which) (\\w+ )?(owns|cares|works|delivers|answers|can|knows|actually|does|treats)",
        "(if|unless|or|otherwise|or else|until|by .{1,12}or)[^.!?;]{0,60}(i'?ll|i will|we'?ll|we will|i'?m going to|i am going to|i'?m|i am|we'?re|we are|will be|i|i want to|going to) (be |have to |just |simply |also |all |then |both )*(cancel(ling)?|leav(e|ing)|switch(ing)?|clos(e|ing)|terminat(e|ing)|mov(e|ing) (on|to|away|banks|my|our|provider|all|everything|elsewhere)|going elsewhere|go elsewhere|end(ing)? (my|our|the)|quit(ting)?|unsubscribe|uninstall|delete the app|not renew(ing)?|go(ing)? with)",
        "(i'?ll|i will|we'?ll|we will|i'?m going to|going to|about to|considering|thinking (of|about)|ready to|minded to|tempted to|might|may|i'?m|we are|we'?re) (be |just |have to |seriously |be )*(cancel(ling)? (my|our|the|everything|all|and)|leav(e|ing) (you|for|your|and|the)|switch(ing)?|clos(e|ing) (my|our|the) account|terminat(e|ing)|uninstall(ing)?|dump(ing)?|ditch(ing)?|drop(ping)? (you|your))[^.!?;]{0,40}(if|unless|because|after this|since|over this|instead|for good|immediately|and (go|switch|move|never|take|leave)|switch|elsewhere|you)",
        "(won'?t|will not|not|not be|wont|don'?t plan to|no intention of|refuse to) (be )?(renew(ing)?|back|coming back|returning as|extend(ing)? (my|our|the) (contract|plan|subscription))",
        "(review|compar|consider|explor|look|check)ing (at |into |out )?(other|alternative|different|rival|competing) (\\w+ )?(suppliers?|providers?|vendors?|banks?|options|companies|shops|platforms?)|shopping around|looking (for|at) (a )?(new|other|different) (supplier|provider|vendor|bank)|(considering|thinking (of|about)) (leaving|switching|going elsewhere)",
        "(rethink|reconsider|review|end|ending|terminate|terminating) (my|our|the|this) (\\w+ )?(contract|loyalty|subscription|membership|partnership|relationship|account|cooperation)|(go|goes|going|off|over) to (your |the )?(competitors?|competition)|your competitors?|(the )?competition (is|has|does|will|offers)|goodbye forever|bye forever|you'?ve lost|lost my (trust|loyalty)",
        "(cancel|cancelling|close|closing) (my|our|all|the) (\\w+ ){0,3}(account|subscription|membership|plan|contract)s? (\\w+ ){0,3}(if|unless|and (go|move|switch|leave|take|never)|over this|because of this|for good|after)",
    ],
    chinese: &[
        "(我)?不再(来|买|光顾|购买|惠顾|回购|帮衬|消费|合作|相信|信任|支持)|(再也不|再也唔|永远不|永不|绝不再|绝对不再|以后不|以后都不|以后唔|以后都唔|以后再也|不会再|唔会再|下次不|下次唔|打死不|死都不|今后不|这辈子不|从此不|以后也不|再都唔|我唔会再|一世都唔)(会|会再|再|来|想|敢)*…(买|来|用|订|去|光顾|坐|住|回购|下单|购买|续|帮衬|消费|惠顾|找你|选|合作|搭|点|入|充|逛|信|支持|飞|上当|考虑|推荐)",
        "(最后一次(在你|买|用你|来你|来买|光顾|下单|找你|订你|帮衬|跟你|同你)|换(别家|一家|第二家|另一家|人家|其他家|其他平台|供应商|平台|银行|厂商|电讯商|电信商|家公司|对手|隔壁|别人|掉你们|掉你|间)|换去|去别(家|的|处|人)|去第二(间|度|家)|去隔壁|转去(别|其他|第二|对手|竞|隔壁|另)|转投|转用(别|其他|第二|对手)|转台|转会|跳槽|改用(别|其他|竞|对手|另)|改找|改去|另找|另寻|另请|找别(家|人)|找其他(家|供应商|厂商|公司)|去(京东|淘宝|momo|虾皮|pchome|拼多多|天猫|亚马逊)买)",
        "(不续(费|约|订|了|会员|签)|唔续(约|会)?|不再续|不会续|不跟你们续|解约|取消(合作|合约|合同)|终止(合作|合约|合同)|停止合作|退网|np走|携码|跳电信|转网|携号转网|卸载|删app|删了app|移除app|剪卡|注销走人|(我|我们|直接|就|马上)走人|退会|退出会员|粉转黑|脱粉|失去(我|一个|你们?的)(这个)?(客户|老客户|顾客|客人|用户|会员|老顾客|熟客|我)|唔使指意我|流失)",
        "(再|如果|若|要是|否则|不然|唔系|再不|再唔|不…就|要么|一日|最后)[^.!?;]{0,22}(我就|就|我|就要|直接|即刻|马上|只能|只好|唯有|一定|会)(取消(会员|订阅|合作|全部|所有|合约|帐|账|服务|方案)|退订|销户|注销|解约|走人|换(家|别|供应商|平台|台|人家|去)|转走|转会|转台|转去|退会|卸载|cut会|cut台|cut线|cut plan|关户|退租|搬走|搬去|不续|唔续|另找|另寻|找别|不买|不用你们)",
        "(把)?(会员|账号|帐号|卡|合约|plan|订阅)(退了|销了|退掉|停掉|剪了|cut咗|cut|砍了)…(以后|再|走人|去别|换|就|啦|喇)|(集体|全部|一起|大家)(退游|退团|退会|退订|退群|卸载|退款走人)|退游|弃坑|退坑|以后(都)?(在|去|找)别(家|人|处|的)|转(用)?第二间|转台|转会|(我|我们|我哋)(要|会|就|直接|准备)(转用|转去|转投|转到|换去|搬去|改用)|唔再帮衬|唔帮衬|完约就(转|走)|合约(一)?(到|完)…(转|走|携|跳|换|np)|(我)?去找别家|找别家",
        "(把)?(钱|资金|存款|业务|生意|订单|单|号|账户|户口|全部|资产|薪转|合约)(我)?(明天|就|马上|会|要|准备|全部|全|都|打算)+(转走|搬走|转去|移去|搬去|撤走|移到|带走|给别|畀第二)",
    ],
    weak: &[],
    company: &[],
    unless: &[
        "(how (do|can|would|could) (i|we)|how to|what happens|is it possible|can i|could i|may i|am i able|fee|fees|penalt(y|ies)|before i|moving (house|home|flat|to a new|apartment)|we'?re moving (on|to)|moved|switch(ing)? (to|from|over to) (a |an |the )?(different|another|other|new|bigger|smaller) (colou?r|size|plan|product|model|phone|device|email|card|number|address|date|room|flight|seat|driver|screen|lamp|slot|time|payment|agent|person|currency|language|file|account))",
        "(never|won'?t|not) (\\w+ ){0,3}(charge|charged|work|works|happen|turn|come (out|off|on|loose|through|up|clean)|let|email|bother|use it)|(it|they|driver|courier|app|parcel|rug|colou?r|zip|screen|light) (\\w+ )?(won'?t|never) (\\w+ )?(come|be|use|return)|come back (in stock|on|online)|back in stock|ever (again )?(restock|be restocked)|(if you|you'?ll) need",
        "(怎么|如何|点样|可以|可唔可以|能不能|能否|流程|手续费|违约金|请问|多少|条件|想问|帮我|帮手)[^.!?;]{0,14}(解约|携号|携码|转网|退会|退订|注销|取消合约|卸载|终止|不续|停止|取消)|(解约|携号转网|退会|携码|转网|不续费|不续约|解约金)[^.!?;]{0,14}(怎么|如何|多少|吗|流程|步骤|点做|要|手续|金|申请|办)|换(个|一个|一件|件|成|货|一双|一台|新|色|码|尺寸|颜色|人)|下次不(敢|会)(忘|填错|乱)|再也不(怕|用担心|用怕)|走人行|卸载(重装|了|过|再)|最后一次(机会|提醒|付款|扣款|登录|更新|物流)",
    ],
    negated: false,
    asked: false,
    solved: false,
};

const VULNERABLE_PERSON: Family = Family {
    kind: SignalKind::VulnerablePerson,
    english: &[
        "(i'?m|i am|she is|he is|she'?s|he'?s|registered|severely|who is|mother is|father is|son is|daughter is|wife is|husband is|partially) disabled|disabled <kin>|disabled (person|people|man|woman|customer|passenger|user|access)",
        "(pregnant|pregnancy|disability|wheelchair|blind|visually impaired|partially sighted|deaf|hard of hearing|hearing aids?|dialysis|insulin|diabetic|diabetes|oxygen (concentrator|tank|supply|machine)|on oxygen|ventilator|chemo(therapy)?|cancer|cpap|epilep\\w+|epipens?|asthma(tic)?|inhalers?|pacemaker|dementia|alzheimer'?s?|autis\\w+|hospice|care home|nursing home|terminally ill|bedridden|bed-?bound|house-?bound|immunocompromised|heart (condition|failure|attack|patient|medication|pills|surgery)|stroke|transplant|stoma|catheter|feeding tube|parkinson'?s?|special needs|premature|anaphyla\\w+|palliative|seizures?|mobility (scooter|aid|problems)|life support|blood pressure (pills|tablets|medication)|nebuli[sz]er|schizophreni\\w+|anorexi\\w+|suicidal)",
        "(\\d+|five|six|seven|eight|nine) months (along|pregnant)|(in|into) labour|(in|into) labor|giving birth|expecting (a baby|our|my)|dialysis|(his|her|my|dad'?s|mum'?s|mother'?s|father'?s) (\\w+ )?(monitor|ventilator|oxygen|dialysis|medication|chemo|insulin)",
        "(elderly|frail|vulnerable|housebound) (\\w+ )?(mother|father|parents?|mum|mom|dad|woman|man|lady|gentleman|neighbou?r|person|people|aunt|uncle|relative|couple|customer|residents?|grand\\w+|mother-in-law|father-in-law|patients?)?",
        "(i'?m|i am|she'?s|he'?s|she is|he is|who is|who'?s|aged?|mother is|father is|mum is|mom is|dad is|grandmother is|nan is|gran is|mother,?|father,?|mum,?|dad,?|grandma is|neighbou?r is) (now |almost |nearly |already |over )?(7[0-9]|8[0-9]|9[0-9])( years?( old)?| yrs?| y\\.?o)?",
        "(\\d+|one|two|three|four|five|six|seven|eight|nine|ten)[- ](months?|weeks?|days?)[- ]old (baby|son|daughter|twins?|infant|boy|girl|child|grandson|granddaughter|kid)|newborn|infant|premature baby|(\\d+|seventy|eighty|ninety)(-| )?(\\w+ )?(-| )?year[- ]old (\\w+ )?(mother|father|mum|mom|dad|grand\\w+|nan|gran|aunt|uncle|neighbou?r|lady|woman|man|pensioner)|pensioner|my carer|i'?m a carer|night carer|a widow(er)?",
        "(my|his|her|our|their|urgent|life-?saving|the|vital|daily) (\\w+ )?(medication|medicines?|meds|prescription|tablets for|pills|transfusion|surgery|operation)",
        "(mother|father|mum|mom|dad|wife|husband|son|daughter|child|baby|grandmother|grandfather|nan|gran|granny|grandma|partner|sister|brother|moms?|patient|patients) (\\w+ |'s ){0,3}(in (the )?(hospital|icu|hospice|intensive care|a&e)|(seriously |very |gravely |critically |terminally )?(ill|sick|unwell)|dying|depends on|can'?t (walk|breathe|see|hear|stand|sit|eat|swallow)|is allergic|has (a )?(fever|allerg\\w+|asthma|cancer|dementia|epilepsy|stroke))",
    ],
    chinese: &[
        "(陪产|生仔|孕检|产检|支架|抗凝|孕妇|孕婦|怀孕|有孕|大肚|孕晚期|孕期|怀着|临产|预产期|产妇|坐月子|轮椅|残疾|残障|身障|重残|肢残|伤残|视障|视力障碍|听障|听力障碍|弱听|聋人|是聋|盲人|失明|眼盲|读屏|导盲|助听器|透析|洗肾|腹透|血透|胰岛素|糖尿病|救命药|救命|呼吸机|呼吸器|制氧机|氧气机|氧气瓶|吸氧|化疗|癌|肿瘤|病危|重病|重症|icu|加护|中风|偏瘫|卧床|心脏病|心脏支架|心脏药|哮喘|气喘|癫痫|抗排异|移植|失智|老年痴呆|阿尔茨海默|认知障碍|植物人|早产|新生儿|刚满月|满月的?(宝|婴)|独居(老人|长者|的)|术后|刚做完手术|做手术|手术后|自闭症|脑瘫|脑性麻痹|抑郁症|白血病|血友病|特殊配方|救急药|慢性病|慢箋|处方药|降压药|高血压|住院|阻断药|尿毒|罕见病|临终|安宁|长照|看护|行动不便|行动唔方便|拄拐|病人(危|躺|没药|断药|家属))",
        "(我|妈|爸|母亲|父亲|奶奶|爷爷|外婆|外公|婆婆|公公|阿公|阿嬷|姥姥|姥爷|老人|老人家|老太太|老伯|老爷子|家母|家父|阿婆|阿伯|岳父|岳母|老母|长者|本人|他|她|都|快|已经|今年|年纪)(家|已经|都|今年|快|已|有|个)*(七十|八十|九十|7[0-9]|8[0-9]|9[0-9])(几|多|来|[一二三四五六七八九])?(岁|歲|了|高龄|几岁|嘅)|(七十|八十|九十)(几|多|来|[一二三四五六七八九])?岁|[789][0-9](多|几)?岁",
        "(几|[一二两三四五六七八九十0-9]+)(个)?(多)?(个月|月|周|星期|天)(大)?(的|嘅)?(宝宝|婴儿|孩子|女儿|儿子|bb|小孩|娃|囡|小宝宝|小朋友|双胞胎)|(宝宝|婴儿|bb|女儿|儿子|孩子|娃)(才|刚|得|只有|今年)?…[一二两三四五六七八九十0-9]+(个)?(月|周|天)大?|新生儿|婴幼儿|早产儿",
    ],
    weak: &[
        "(my|our|a|the|his|her|their|with|two|three|small|little|young|small|sick|and|for|of) (\\w+ |\\d+-?year-?old |\\d+ year old ){0,2}<kin>(?-u:\\b)",
        "(\\d+|one|two|three|four|five|six|seven|eight|nine|ten)[- ]?(year|yr)s?[- ]?old|son \\(\\d+\\)|daughter \\(\\d+\\)|children|kids|old people|old lady|old man|schoolchildren|pupils",
        "<亲属>",
        "([0-9]+|[一二两三四五六七八九十]+)岁(多|大)?(的|嘅)?(孩子|儿子|女儿|小孩|宝宝|娃|小朋友)?",
    ],
    company: &[
        "(caught fire|on fire|smok(e|ing)|spark(s|ed|ing)?|shock|burn(t|ed|ing|s)?|choke(d|s)?|choking|swallow(ed)?|bleeding|injur(ed|y)|hurt|poison\\w*|rash|allerg\\w+|vomit\\w*|fever|gas|carbon monoxide|hospital|ambulance|a&e|stitches|emergency|dangerous|unsafe|trapped|stuck in|locked in|stranded|no heating|without heating|no hot water|no water|without water|freezing|no power|medicine|medication|formula|breathe|breathing|hungry|starving|sick|ill|unwell|surgery|dying|depends on|alone|drown\\w*|collapsed|cut (his|her|my|their)|fell|abused?|groom\\w*|harass\\w*|threaten\\w*|bull(y|ied)|missing child|bit(ten)?|scald\\w*|sharp|live wire|battery|needs it to|cannot see|can'?t (see|walk|breathe|read|stand|sit|hear)|glass in|car seat|outside in the|in the (cold|dark|rain|snow|sleet)|on (her|his|their) own|by (herself|himself)|unaccompanied|crying)",
        "(起火|着火|冒烟|火花|触电|漏电|电到|电亲|烫|割|划伤|夹到|夹住|砸|摔|跌倒|跌亲|受伤|流血|过敏|红疹|发烧|发热|中毒|拉肚子|呕吐|吐了|吞|误食|噎|呛|窒息|煤气|瓦斯|一氧化碳|医院|急诊|急症|救护车|危险|隐患|困在|被困|痹|咬|锁在|停水|停电|断电|没暖气|没有暖气|没热水|冻僵|挨冻|好冻|冻着|药|奶粉|断奶|断粮|饿|呼吸|生病|病了|住院|手术|喘|一个人|独自|独居|走失|走丢|不会用|唔识用|看不清|睇唔到|听不到|听唔到|走不动|行唔到|看不见|骨折|哭|吓到|吓坏|欺负|霸凌|猥亵|虐|哮喘|血压|血糖|心脏|癌|抢救|救命|视力|腿脚|不方便|中风|失联|安全座椅|纽扣电池|甲醛)",
    ],
    unless: &[
        "(gift|present|birthday|shower|nursery|toys?|clothes|costume|dress|party|wedding|photo|album|book|books|bedroom|blanket) for (my|our|a|the|his|her)|(good|safe|suitable|ok|okay|fine|recommended|right|appropriate) for (a |my |the |our )?(\\w+ )?(kids?|children|baby|babies|toddlers?|newborns?|infants?|pregnan\\w+|elderly|seniors?|diabetics?|\\d+)|(blind|window|roller|venetian|roman) (bag|box|blinds?)|blinds(?-u:\\b)|love is blind|blind (spot|date|test|taste)|(cat|dog|puppy|hamster|pet|fur) |kids'? (menu|club|size|sizes|section|bike|dress|range|meal)|(child|kids?|children'?s?|student|senior) (ticket|tickets|fare|discount|price|seat|seats)|patients? (with|for) me|stroke (of|width)|key ?stroke|back ?stroke|breast ?stroke|horoscope|(be|very|so|being|been|your|for your|your|i'?m|am|remain) patien(t|ce)|cancer (charity|research|fundrais\\w+)|zodiac|[789][0-9] ?(%|percent|euros?|dollars|pounds|quid|minutes|mins|hours|days|km|miles|cm|kg|lbs|points|on the|in (the )?(queue|line))",
        "(thank (you|u) so much|best \\w+ visit|wonderful|so kind|can'?t thank)",
        "(聋了|表扬|点赞|太暖|贴心|温柔|礼物|礼品|生日|玩具|童装|童裝|满月酒|满月礼|满月宴|母婴|亲子|儿童餐|儿童票|长者优惠|敬老|老人票|婴儿(用品|推车多少|服|装)|适合|适唔适合|送给|送俾|能用吗|可以用吗|能吃吗|可以吃吗|安全吗|猫|狗|宠物|毛孩|毛小孩|巨蟹|狮子座)|救命(啊+|呀+)?[!,]?(我)?(选|太好|好看|好吃|好美)|住院(医师|部电话)|体检|病人服",
    ],
    negated: true,
    asked: false,
    solved: false,
};
