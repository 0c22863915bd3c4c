//! Services that are down, how many they hit, and customers who cannot get in.

use super::{Family, SignalKind};

/// Outage, scope and lockout.
pub(super) static FAMILIES: [Family; 3] = [OUTAGE, SCOPE, LOCKED_OUT];

const OUTAGE: Family = Family {
    kind: SignalKind::Outage,
    english: &[
        "<system> (isn'?t|is not|aren'?t|are not|hasn'?t|haven'?t|won'?t|doesn'?t|not|has not|have not) (\\w+ )?(reachable|loaded|loading|load|responding|respond|opening|coming up|been reachable) (for|since|from|at|in|on|anywhere|again)",
        "<system> ~(is|are|'s|was|been|went|gone|goes|keeps going|seems?|still|completely|totally|just|all) (completely |totally |all |still |currently |now |just |been |to be )?(down|offline|unavailable|unreachable|unresponsive|dead|blank|dark)",
        "<system> (down|offline) (since|for|again|all|at|right now|now|this morning|today|in)",
        "<system> ~(crashed|went down|went dark|goes down|keeps? (going down|dropping)|has stopped|stopped working|stopped responding)",
        "(outage|blackout|power cut|brownout|downtime)",
        "(no|without|lost( all)?) (the )?(internet|broadband|power|electricity|water|signal|service|mobile service|connection|dial tone|phone line|gas|reception|network)( connection| signal| supply)? (since|for|all|again|at all|in the|in our|anywhere|today|this|here|on|whatsoever|now|right now|\\d)",
        "(nobody|no one|noone|none of us|everyone|everybody|no-one) ~(can|cannot|can't|cant|is able to|gets|getting|unable to) ~(log ?in|access|use|open|connect|clock in|get in|get on|load|order|pay|check ?out|check in|print|scan|book|an error|errors?|a blank|the same error|dispatch)",
        "(getting|get|gives?|shows?|showing|returns?|returning|throws?|throwing|with|a|only|just|all|error) (a |an |http )?(500 (errors?|internal)|error 500|http 500|502|503|504)( errors?| bad gateway| gateway timeout| internal)?",
        "(all|every|none) ~(terminals?|tills?|registers?|screens?|phones?|lines?|servers?|devices|routers?|readers?|printers?|pumps?|machines|kiosks?|scanners?|gates?|barriers?) ~(rejecting|down|dead|blank|offline|not working|stopped|work|works|frozen|declining|out)",
        "(service|system|systems|platform|server) (is |was )?(interrupted|interruption|failure|crash)",
        "(is|are) (down|offline) (for|across|at|in) (all|everyone|every|the whole|our|both|the entire|our entire)",
        "(whole|entire) ~(site|system|platform|network|service|building|street|office|estate|village) ~(is|has|been|lost|without|no) ~(down|offline|out|dark|power|internet|water|signal)",
        "down (for everyone|across all|company-?wide|nationwide|system-?wide)",
    ],
    chinese: &[
        "<系统>…(崩了|崩溃|又崩|崩咗|瘫痪|瘫了|瘫咗|宕机|当机|挂了|挂掉|挂咗|炸了|断了|中断|死机了|全黑|黑屏|白屏|无法访问|无法连线|连不上|down了|down咗|down机|死咗|壞晒|用唔到|打唔开|登唔到|全挂|停摆|断线|离线|斷咗|没反应|瘫)",
        "(系统|平台|网站|官网|服务器|伺服器|后台|网银|小程序)…(打不开|用不了|不能用|无法使用|上不去|进不去|登不上|无法登录|无法登入|报错|转圈|出错|卡死|无响应|无回应|打唔开|入唔到|开唔到)",
        "(停电|停水|断网|跳电|冇网|冇晒电|冇水|没网(了|络|路)?|无法上网|上唔到网|上不了网|断咗网|没有网络|没有网路|服务中断|大当机|全线瘫痪|大面积(故障|瘫痪))|(全|整|成|区|片|栋|楼|厂|店|家里|屋企|大家|都|小区|公司)…(没信号|无信号|冇信号|没讯号|无讯号|冇讯号|断电|没电了|冇电|断线|断讯|断水)",
        "(所有人|大家|全部人|全公司|所有门店|整个公司|所有用户|全部门店|全院|全校|全店|成间公司|每个人|同事们?|全部同事)…(登不上|登录不了|进不去|用不了|连不上|打不开|卡住|上不去|无法|不能|登唔到|入唔到|用唔到|没法)",
        "(报|出现|显示|一直|都是|返回|全是|出)(错误)?(500|502|503|504)",
        "(全部|全都|所有|整排|每台|四台|三台|两台)…(终端|机台|机器|收银机|刷卡机|闸机|线路|服务器|设备)…(挂|坏|不能用|用不了|死机|当机|没反应|瘫|连不上|黑屏|断线|离线)",
    ],
    weak: &[
        "(offline|down|unreachable|not reachable|dead|black|blank|frozen|crashed|timeouts?|timed? out|timing out|grey screen|gray screen|white screen|black screen|spinning wheel|nothing loads|(returning|throwing|giving|getting|showing) errors|not loading|won'?t load|hasn'?t loaded|haven'?t loaded|doesn'?t load|no (cards?|qr|bars|tv|picture|phones?|boarding passes|internet|network|water|power)|stopped working|not working|isn'?t working|disconnected|cut off|still off|knocked out)",
        "<cannot> (\\w+ )?(take (any |one |a single )?(cards?|payments?|money|orders)|accept (\\w+ )?cards?|log ?in|access|check (guests )?(in|out)|scan|print|see (the |lab |any )?\\w+|work|open|process|dispatch|use|connect|load|reach)",
        "(登不上|登不进|登录不了|登录不上|无法登录|无法登入|登唔到|登入唔到|入唔到|进不去|进不了|打不开|开唔到|用不了|用唔到|连不上|连唔到|连不到|无法连线|无法连接|上不去|掉线|断线|断流|断讯|失联|离线|黑屏|灰屏|白屏|白画面|全黑|没画面|转圈|跑不出来|载不出来|开不了|loading唔到|刷不出|刷不了|刷唔到|碌唔到|碌唔到卡|扫不开|扫不出|收不了|收唔到|发不出|出唔到|睇唔到|看不了|挂了|又挂|趴了|瘫|崩|炸|爆咗|死咗|停摆|停晒|故障|报错|逾时|超时|没反应|冇反应|冇晒网|没网|无网络|无讯号|失灵|叫不到|系统忙碌|down(咗|了|晒|掉|机|了|,|!|$)|502|503|504|500错误)",
    ],
    company: &[
        "(all|every|whole|entire|both) (of )?(our|the|us|my|your|nine|\\w+ )?( ?\\w+ )?(shops?|stores?|sites?|branch(es)?|terminals?|hotels?|offices?|building|street|town|village|estate|block|hospital|wards?|school|centre|center|staff|team|company|customers?|users?|warehouses?|restaurants?|stations?|lanes|counters|stalls|screens|registers?|tills?|devices|readers?|court|mall|market|airport|hall|ward|regions?|tenants|nodes?|road|glen|island|city|country|province|floor|departments?)|everyone|everybody|nobody|no one|noone|neighbours?|neighbors?|next door|downdetector|whole of|all of|us all|half of|for (all|everyone)|(\\d+|three|four|five|six|seven|eight|nine|ten|twelve|dozens of|hundreds of|thousands of) (of (us|our|the) ?)?(\\w+ )?(people|staff|shops|stores|sites|branches|users|customers|drivers|kids|students|guests|patients|tills|terminals|stations|agents|stalls|lanes|counters|hotels|colleagues|vans|flights|clinics|rooms|orders|passengers|vendors)|is it (just|only) me|status page|production|severity|sev ?1|\\bp1\\b|our (pos|dispatch|production|checkout|till|booking|payment)",
        "(全部|全都|全员|全线|全公司|全店|全院|全校|全国|全台|全港|全香港|全市|全县|全省|全网|全城|全村|全间|全服|全小区|整个|整栋|整层|整条|整排|整间|所有|每个|每间|大家|同事|群里|群组|隔壁|邻居|别的店|其他店|分店|几家|几间|几个店|多人|几十|上百|[0-9]+(多|几)?(个|名|间|家|台|辆|人|位|号)|[一二三四五六七八九十百千两]+(多|几)?(个|名|间|家|台|辆|人|位|座|条)(人|店|院区|地库|门店|仓|员工|学生|分店|铺|车)|不是我一个|唔止我|我和室友|状态页|热搜|现场|排队|排到|排长龙|堵|候诊|我们店|公会|全区|成个|成座|成间|成条|门诊|医院|收银|仓库|机房|生产环境|线上环境)",
    ],
    unless: &[
        "(price|prices|cost|costs|points?|balance|speed|stock|calm|cut|slow|track|nail|scheduled|planned|upcoming) ~(outage|maintenance|down)",
        "(planned|scheduled|upcoming|next) (outage|maintenance|downtime|power cut)",
        "(outage|downtime|power cut) (policy|support|plan|credit|compensation|insurance|mode|map|alerts?|notifications?)",
        "down the drain|track(ed|ing)? down|(let|put|set|sit|come|get|put me|turn|take|turned|write|wrote|broke|break) (me |it |them |us )?down",
        "(计划|预告|公告|通知|几点|什么时候|几时|何时)…(停电|停水|断网|停机)|(停电|断网|断电|停水)…(通知|公告|补偿|赔偿政策|模式|提醒|险|怎么办)|不断电",
    ],
    negated: true,
    asked: true,
    solved: true,
};

const SCOPE: Family = Family {
    kind: SignalKind::Scope,
    english: &[
        "(company|site|office|system|nation|campus|store|hospital|team|organi[sz]ation)-?wide (outage|issue|problem|failure)",
        "(all|whole|most|half|everyone) (of|on|in|along) (\\w+ ){1,3}(road|street|lane|avenue|town|city|village|island|estate|building|close|crescent|block|country|county|area|region|district|valley|west end|north|south|downtown)",
        "is it (just|only) me|(next door|neighbou?rs?|other (shops?|branch(es)?|stores?|customers?|offices?|people|users)|colleagues|flatmates|half of twitter|the others) ~(too|as well|same|either|nothing|offline|down)( |,|\\.|$)",
        "(nobody|no one|noone|no-one|none of us|none of our|not a single (one|person|user)) ~(in|at|of|on) (the|our|my) ~(company|office|team|building|site|department|school|clinic|shop|store|stores|staff|branch|branches|ward|floor|warehouse)",
    ],
    chinese: &[],
    weak: &[
        "(all|every|whole|entire|both|across) (of )?(our |the |my |us |\\d+ |two |three |four |five |six |seven |eight |nine |ten |\\d+ of (our|the) )*(sales |support |client |design |night |field |retail |care )?(staff|teams?|company|office|offices|site|sites|building|department|stores?|branch|branches|shops?|school|class|studio|floor|hospital|clinic|clinics|warehouse|warehouses|employees?|workers|users?|customers?|clients?|guests?|colleagues?|stations?|ambulance stations|locations?|crew|crews|street|village|block|estate|neighbou?rhood|ward|drivers?|agents?|residents?|tenants?|students?|pupils|patients?|accounts?|site|departments|campus|organisation|organization|firm|practice|hotel|restaurant|restaurants|factory|plant|depot)",
        "([1-9]\\d[\\d,.]*|[2-9]|dozens of|hundreds of|thousands of|several|multiple|many|a dozen|twenty|thirty|forty|fifty|sixty|eighty|ninety|a hundred|two hundred|three hundred|twelve|fifteen|eleven) (of (us|our|my|them|the) ?)?(other |office |remote |of |our |sales |different |field |hotel |factory |paying |families |call |warehouse |night |more )*(staff|people|persons?|employees?|users?|customers?|clients?|guests?|drivers?|colleagues?|agents?|patients?|students?|nurses?|sites?|stores?|branches|shops?|workers?|seats|households|families|residents?|tenants?|members|passengers|vendors|teachers|doctors|pupils|players|restaurants|locations|machines|tills|flats|apartments|homes|wards|accounts|engineers|children|kids|trucks|terminals)",
        "\\d+ of (us|them|our|my)|the \\d+ of us|(nobody|no one|noone|no-one|none of us|everyone|everybody) (here |else |in here |at work |on site |on the team |in the (office|building|team|company|shop) |at (all|the) )?(can|cannot|can't|cant|is|gets|getting|could|has|is able|in)",
        "(company|site|office|system|nation|campus|store|hospital|team|organi[sz]ation)-?wide",
        "(every|all)( of)?( the| our)? (single )?(tills?|terminals?|registers?|card readers?|screens?|machines?|lanes?|counters?|phones?) (in|at|across|on|here)|(all|every) (tenants?|regions?)",
        "(全公司|整个公司|整间公司|成间公司|全店|整间店|成间铺|全校|全院|整间医院|全班|全厂|整栋|整层|成栋楼|成层|整楼|全楼|整个小区|全小区|整个社区|全村|整条街|全村|整个部门|全部门|整个团队|全团队|全组|整个机房|全体|全员|全市|全国|全台|全港|全区|整个区|整区|全省)",
        "(全部|所有|各|整|每个|每间|多个|多间|几个|几间|好几个|其他|每家|几家|两家|三家)(的)?(门店|分店|分公司|店铺|店|员工|同事|用户|客户|顾客|学生|老师|司机|骑手|病人|患者|住户|客人|旅客|乘客|人|会员|玩家|部门|站点|校区|诊所|分院|家长|邻居|柜台|机台|终端)",
        "(成个|整个|全个)(商场|地库|小区|社区|部门|公司|办公室|楼层|屋苑|学校|医院|团队|大厦|车间|站|景区|片区|会场|校区|仓库|分公司|群|班|公会|园区|县|镇|村|街|大学城|年级)",
        "全(区|服|场|县|镇|仓|线|楼层|台湾|香港|公会|部门|医院|酒店|分店|门市|门店|中心|站|团|家公司|香港都)",
        "(成|全|整)班(同事|同学|人|学生)?|(大家都|大家一样|群里都|同事都|同事们都|邻居都|邻居也|大伙都|人人都|个个都|周围的人都|身边的人都|隔壁.{0,4}也)",
        "([1-9][0-9][0-9,]*|[2-9]|[二两三四五六七八九十百千万几数][一二两三四五六七八九十百千万几]*|一[十百千万][一二三四五六七八九十百千万]*|上百|上千|几十|几百|成百|好几百|近百)(多|几|余|来)?(名|个|位|间|家|台|户|号|人份|条|组|辆|单)?(的)?(人|车|地库|院区|铺|舖|员工|同事|同仁|客户|用户|顾客|门店|分店|学生|考生|司机|骑手|病人|患者|住户|住客|客人|旅客|乘客|工人|老师|同学|店|店铺|站点|校区|终端|护士|医生|家长|会员|玩家|家庭|设备|机器|工程师|业务员|业主|小朋友)",
    ],
    company: &[
        "<cannot>",
        "(down|offline|broken|stuck|affected|blank|locked|fail(s|ed|ing)?|reject(s|ed|ing)?|lost|outage|error|errors|dead|waiting|stopped|stranded|sick|ill|evacuated|same boat|frozen|crash(ed|es|ing)?|blocked|unpaid|leaked|exposed|without (power|internet|water|pay|heating|access)|nothing (works|loads|opens|responds)|(doesn'?t|does not|won'?t|don'?t) (load|open|start|work|respond)|not (working|loading|paid|been paid|received)|0 files|hacked|breach|no (internet|power|water|heating|access|signal|network|phone|phones|service)|idle|closed|sent home|on hold|idle|kicked out|vomiting|poison(ed|ing)?|working off|standstill|standing|hasn'?t loaded|haven'?t loaded|offline again|off again|by hand|on paper|queu(e|es|ing)|shut|same (error|problem|issue|thing)|timeouts?|unreachable|black|grey screen|spinning|wiped)",
        "(nobody|no one|noone|no-one|none) ~(can|could|is able|gets|got|has)",
        "(崩|瘫|宕机|当机|挂了|又挂|挂掉|掉线|断流|502|503|504|500|打不上|扫不开|刷不出|碌唔到|转圈|黑屏|灰屏|白画面|白屏|都一样|上不了|坏了|做不到|办不了|唔到|停工|排着等|排队|排到|冇晒|失联|堵|炸|无网|全掉|唔见晒|打唔通|没反应|中断|断网|停电|断电|停水|连不上|用不了|不能用|打不开|登不上|进不去|上不去|无法|不能|没法|受影响|卡住|停工|停摆|停产|没网|没电|等着|急等|泄露|外泄|中毒|拉肚子|呕吐|不见了|丢了|没收到|没领到|发不出|没发|失败|收不到|登唔到|入唔到|用唔到|冇网|冇电|瘫痪|故障|故障|离线|断线|全黑|白屏|被锁|锁住|做不了|付不了|刷不了|刷唔到|出不了|开不了|干不了|困|滞留|报错|失灵|全挂|死机|出唔到|做唔到|影响|延误|不见|唔见|没了|清空)",
    ],
    unless: &[
        "(do|does|are|is|can|will|would|could) (you|your|all your|every|the gift) ~(deliver|ship|open|have|accept|offer|sell|include|support|allow|cover|work|valid|cost)",
        "(how (much|many)|quote|quotation|looking for|interested in|price for|discount for|plan for|seats for|table for|book(ing)? for|catering for|order for|invite|add|buy|purchase|upgrade to) ~",
        "(同事|大家|其他客人|邻居)都(说|夸|喜欢|很|没反应|觉得)|好好的|就我家|只有我|就我们家|淨系我|净系我|一个人在家|(nobody|no one) (here |there )?(can |could )?(tell|say|explain|answer|help|give|said|has said|told|was hurt|is hurt|in the family|replied)",
        "(每|几|多少|预订|订位|报价|采购|团购|可以坐|容纳|想订|想买|要订)…(人|位|名|个)",
    ],
    negated: false,
    asked: true,
    solved: true,
};

const LOCKED_OUT: Family = Family {
    kind: SignalKind::LockedOut,
    english: &[
        "locked (me|us|him|her|them|my \\w+|everyone)? ?out",
        "(lock(ed|s)?|suspended|disabled|blocked|deactivated|frozen) (me |us )?(out of |from )(my|our|the|all)",
        "(account|profile|login|user|card access|badge|wallet) ~(is |was |got |has been |been |gets |says |shows |'s )?(now |still |just |temporarily |permanently |been |suddenly |apparently )?(locked|suspended|blocked|disabled|deactivated|frozen|banned|restricted)",
        "(locked|suspended|blocked|disabled|deactivated|froze|frozen|banned|restricted) (my|our) ~(account|profile|login|access|wallet)",
        "<cannot> (even |seem to |still |now |get to |again |actually |ever )?(log ?(back )?(in|on)|login|logon|sign (back )?in|get (back )?(in|into|inside|onto)|access|enter|unlock|clock in|open the (front )?(door|flat|gate|lock|room|app lock|safe|boot|locker))",
        "(log ?in|login|sign[- ]in|logging in|signing in) (still |just |always |keeps? |page )?(fails|failing|failed|doesn'?t work|does not work|isn'?t working|not working|won'?t work|is broken|impossible|loops?|rejected)",
        "(won'?t|doesn'?t|does not|will not|not|refuses to|wouldn'?t|wont|doesnt) (let|letting|allow|allowing) (me|us) (to )?(log|sign|in|access|enter|get in)",
        "(password|passcode|code|codes|pin|2fa|authenticator|fingerprint|key ?card|key|fob|otp|access code|key ?box|door code|credentials|face id|badge) ~(doesn'?t|does not|doesnt|won'?t|wont|isn'?t|not|no longer|never|stopped) (being )?(work|works|working|accept|accepted|recogni[sz]ed|open|opens|opening|arrives?|come|comes)",
        "(password|passcode|code|pin|login|credentials) ~(is |was |gets |being |keeps being |always |keeps getting |are )?(rejected|wrong every time|refused|invalid every)",
        "(kicked|logged|thrown|booted|shut) (me |us )?out (of (my|our|the)|and|again|every|right)",
        "(standing|stuck|stood|sitting|waiting) (outside|in front of|at) (the |my |our |your )?(flat|door|apartment|house|room|building|airbnb|gate|front door|office|cabin|hotel)",
        "(lost|forgot|forgotten) (my|the|our) (password|passcode|pin|login|2fa|authenticator)( \\w+)? (and|so|so i|, ) ~<cannot>",
        "no (access to|way into|way to get into) (my|our|the) \\w+|no recovery codes?",
        "authenticator gone|lost access to (my|our|the)( \\w+)? (account|authenticator|dashboard|system|portal|workspace|store|shop|page)",
    ],
    chinese: &[
        "(登不上|登录不了|登录不上|登陆不了|登陆不上|登不进|登不了|无法登录|无法登陆|无法登入|登入不了|登不入|登入唔到|登唔入|登唔到|login唔到|log唔到|log不进|login不了|登录失败|登入失败|登录一直|不能登录|不能登入|入唔到去|log in唔到|sign in唔到|登不回|没办法登入|没法登录|没办法登录|没法登)",
        "(账号|帐号|账户|帐户|户口|微信号|游戏号|店铺|号|ac|account|会员|后台|门店|权限)…(被锁|锁住|锁了|锁定|封了|被封|封号|停用|冻结|锁咗|锁死|被停|禁用|封禁|封锁|登不|进不去|上不去)",
        "(账号|帐号|账户|帐户|系统|后台|app|家|家门|房|房门|门|屋企|间房|办公室|公司|网银|邮箱|店|单元门|宿舍|储物柜|柜|教室)…(进不去|进不了|进不来|入唔到|入不了|开不了门|打不开门|开唔到|入唔返)",
        "(收不到|收唔到)(验证)?码",
        "(验证码|简讯|短信|otp|sms|码|验证邮件|认证信|重设信|reset)…(收不到|收唔到|没收到|一直没来|不来|冇收到)…(登|入|进)|(收不到|收唔到)…(码|简讯|短信|otp|sms)…(登|入|进|所以)|(登|入|进)(不|唔)(进去|到|去|了)",
        "(进不了|进不去|入唔到|登不进|登唔到|上不了)(公司|我|你们|app|个|后台|系统|平台|帐|账|erp|crm|网银|邮箱|店|家|屋|房|户口)|密码过期|(报更|排班|打卡|考勤)系统…入唔到",
        "(门|门锁|锁|密码锁|智能锁|电子锁|房卡|门卡|钥匙|密码箱|柜门|车门|大门)…(打不开|开不了|开不开|开唔到|没反应|失效|刷不开|失灵|感应不到|坏了|没电|冇反应|开不到)",
        "(密码|验证码|动态码|口令|人脸|指纹|刷脸|验证|otp|认证码|双重验证|简讯码)…(不对|打不开|无效|过不去|过不了|通不过|失败|收不到|收唔到|没收到|不来|进不去|一直错|错误|不给过|唔啱|都唔得|失灵)",
        "(关|锁|困|反锁|锁喺)(在)?(门外|外面|门口|屋外|出面)|进不了(家|房|门|系统|账号|后台|屋)|入唔到(屋|门|房|系统|账户|户口|去)|回不了家|被踢出|被登出",
    ],
    weak: &[],
    company: &[],
    unless: &[
        "(lock(ed)? (in|the) (price|rate)|price lock|child lock|lock screen|locked screen)",
        "(discount|promo|coupon|voucher|gift|postal|zip|post|referral|qr|error|bar|tracking) ?codes?",
        "(link|page|pdf|invoice|video|article|image|photo|report|attachment|form|cart|basket|feature|settings|track) ~(doesn'?t|won'?t|not)",
        "(优惠|折扣|兑换|邀请|推荐|邮政|取件|取货|条|二维|支付)码|(支付|付款|交易|取款|银行卡|卡片?)密码|锁屏|锁单|锁价|锁定价格|密码锁.{0,6}(推荐|哪款|多少钱)|(想|要|帮|请|可以|怎么|如何|帮我).{0,6}(锁定|冻结|停用|注销|锁住)",
        "注册|孩子|宝宝",
        "(付款|支付|刷卡|结帐|结账|卡)…(验证|密码)|刷卡",
    ],
    negated: true,
    asked: true,
    solved: true,
};
