//! Money that is stuck and data that is gone.

use super::{Family, SignalKind};

/// Data loss and blocked payments.
pub(super) static FAMILIES: [Family; 2] = [DATA_LOSS, PAYMENT_BLOCKED];

const DATA_LOSS: Family = Family {
    kind: SignalKind::DataLoss,
    english: &[
        "(lost|losing|lose|wiped|wiping|deleted|deletes|erased|erasing|overwrote|overwritten|corrupted|destroyed) (all |everything|every |half |most |of |my |our |the |his |her |a |whole |entire |year'?s? |years |months |weeks |days |hours |\\d+ |two |three |four |five |six |ten |of |last |week'?s |three hours of |client |customer |wedding |family |holiday |tax |team'?s |shared )+(\\w+ )?<data>",
        "<data> (\\w+ |\\(\\w+\\) ){0,3}(have |has |had |is |are |was |were |got |been |all |just |suddenly |simply |completely |now |'?s |apparently |seem to have |seems to have |seem |also |totally )+(deleted|gone|missing|lost|wiped|erased|vanished|disappeared|empty|overwritten|corrupt(ed)?|blank|unreadable|destroyed)",
        "<data> (all )?(vanished|disappeared|wiped|got deleted|gone|evaporated)",
        "<data> (\\w+ ){0,3}(came|come|comes|turned|turns|opens?|opened|loads?|shows?|showing|is|are|now) (back |up |as |all )*(empty|blank|zeroed)",
        "(shows?|showing|says|displays?|there are|has|with|now) (0|zero|no) (files|photos|records|messages|entries|contacts|projects|documents|items in (the )?(library|folder)|results since)",
        "(half|all|most|some|none) (of )?(my|our|the) (\\w+ ){0,3}<data> (\\w+ )?(is|are|has|have|was|were) (\\w+ )?(gone|missing|deleted|empty|lost|wiped)|(bring back|get back|recover|restore|retrieve|undelete) (\\w+ ){0,4}(that was |that were |which was |which were |i |we |he |she |an intern |lost |accidentally )*(purged|deleted|emptied|erased|wiped|overwritten|lost)|(emptied|purged|wiped|erased) (the|my|our) (\\w+ )?(archive|trash|bin|board|folder|account|history|workspace|drive|backup|server)|last backup:? never|never backed up|backup (failed|is (empty|corrupt\\w*))",
        "(data loss|lost data|lost everything|wiped everything|deleted everything|everything (is |was |has )?(been )?(gone|deleted|wiped|erased)|hard drive (\\w+ )?(failed|died|dead|corrupt\\w*)|wiped (my|our|the) (\\w+ )?(phone|laptop|drive|disk|account|device|computer|tablet|server|profile))",
        "(will|gets?|going to|about to|would|is to) be (permanently |automatically )?(deleted|wiped|erased|purged|overwritten) (\\w+ ){0,3}(tonight|tomorrow|today|in|on|at|by|within|soon|if|unless|after)|(auto-?)?(deletes|wipes|purges) (everything|all|my|our|the) (\\w+ ){0,3}(tonight|tomorrow|today|in \\d|on|at)",
        "(accidentally|mistakenly|by mistake|by accident) (\\w+ )?(deleted|wiped|erased|overwrote|removed) (\\w+ ){0,4}(<data>|everything)|(deleted|wiped|erased) (\\w+ ){0,4}<data> (by mistake|by accident|accidentally)",
    ],
    chinese: &[
        "<数据>…(丢了|没了|全没|沒了|不见了|不見|唔见咗|唔见晒|消失|被删|删掉了|删光|清空|清零|清掉|被清|找不到了|被覆盖|盖掉|损坏|毁了|毁咗|冇晒|冇咗|蒸发|全空|是空的|空空如也|变空|剩0|丢失|遗失|全丢|不翼而飞|洗掉|洗咗|删除咗|delete咗|del咗|被重置|归零|打不开了|乱码|没有了|通通不见|全部不见|冇哂)",
        "(相册|相簿|云盘|硬盘|文件夹|资料夹|后台|报表|收藏|备份|回收站|垃圾桶|云笔记|笔记|网盘|雲端)…(少了|空的|空白|剩|得返个壳|已删除|被删|清空|不见|冇晒|唔见|没了)|(file|files|嘢|档案|纪录|存货|数据|资料)(全部|全|都)?(唔见晒|冇晒|唔见咗|冇咗|不见了|没了)|(少了|不见了|没了|唔见咗)…(多)?(张|份|个|笔|条)…(照片|相|文件|记录|资料|档)|显示[\"']?已删除|(今晚|明天|到期|马上|即将|就要)…(清空|被删|删光|销毁|自动删)|先别删|先唔好删",
        "(误删|误删除|錯手删|手滑删|不小心删|数据丢失|丢数据|资料遗失|资料不见|全没了.{0,6}<数据>|丢了…<数据>|弄丢…<数据>|硬盘坏|硬碟坏|硬碟挂|格式化了|被格式化|清空了…<数据>|删了我…<数据>|刪除了我…<数据>|没保存|没存上|存不了档|存档没)",
        "<数据>…(将|会|要|就|快)(被)?(删除|清空|清除|清掉|覆盖|永久删)",
    ],
    weak: &[],
    company: &[],
    unless: &[
        "(please|pls|can you|could you|want|would like|how (do|can) i|how to|need|request|wish) (\\w+ ){0,4}(delete|erase|wipe|remove)",
        "(order|parcel|delivery|purchase|browsing|search|payment|tracking|credit) history|(lost|missing) (\\w+ )?(parcel|package|order|item|luggage|baggage|card|bag|invoice|receipt|remote|screw)|mobile data|data (plan|allowance|roaming|bundle|usage|pack)|out of data|(lost|lose|losing) (weight|my (mind|patience|job|way|work permit|voice))",
        "(work|photo|video) ?shop|workout|library card|paper|photo (frame|album order|book|print)",
        "(把|帮|请|麻烦|想|要|能|可以|如何|怎么|点样|幫|申请|要求)[^,.!?;]{0,8}(删除|删掉|删了|清空|清除|注销)|(流量|数据)(包|套餐|用完|线|费)|数据线|(订单|物流|快递|支付|消费|浏览)(的)?(记录|资料|信息)|文件(袋|夹|柜|架)|照片(墙|框|书)|相(机|框)",
    ],
    negated: true,
    asked: true,
    solved: true,
};

const PAYMENT_BLOCKED: Family = Family {
    kind: SignalKind::PaymentBlocked,
    english: &[
        "(payments?|cards?|visa|mastercard|amex|checkout|transactions?|transfers?|payouts?|withdrawals?|pay-?outs?|deposits?|salary|salaries|wages|payroll|paypal|apple pay|google pay|direct debit|top-?ups?|bank|settlements?|card machine|pay ?ment|month'?s pay|rent money|terminals?|pay button|payslips?|funds|commission|disbursements?|earnings|klarna) (\\w+ |\\([^()]{0,20}\\) ?){0,5}?['\"]?(declined?|declin(es|ing)|fail(s|ed|ing)?|rejected|rejecting|stuck|pending|processing|frozen|blocked|on hold|held|bounc(es|ed)|errors? out|hang(s|ing)|timed? out|times out|refused|(hasn'?t|haven'?t|not|never|didn'?t|hasnt|havent|didnt) (\\w+ )?(arrived?|come|came|landed|cleared|gone through|been (paid|released|credited)|shown up|go through|hit|received|reached)|missing|(doesn'?t|won'?t|does not|will not|isn'?t|not|cannot|can'?t|wont|doesnt) (go(ing)?|work(ing)?|process(ing)?|load(ing)?|complete|accept(ed|ing)?|get) ?(through|accepted)?)",
        "(declin(ed|es|ing)|reject(ed|s|ing)|refus(ed|es|ing)|blocked|froze|frozen|holding|withheld) (\\w+ ){0,3}(my|our|the|every|all|both) (\\w+ ){0,2}(payments?|cards?|funds|money|salary|payouts?|wages|deposits?|transfers?|withdrawals?|balance)",
        "(wages|salary|pay|payout|commission|money|funds|payment|transfer) (is |are |'s |has |have )?(still |yet |isn'?t |aren'?t |not |hasn'?t |haven'?t )+(been )?(in|here|there|arrived|landed|come|credited|released|paid)(?-u:\\b)",
        "<cannot> (\\w+ ){0,2}(pay|check ?out|withdraw|cash out|top up|get paid|be paid|complete (the |my )?(payment|purchase|checkout|order)|place (my |the |an )?order|transfer|send (the |any )?money|deposit|process (any |the |card |a )?(payments?|cards?)|take (any )?(card )?payments?|run payroll|pay (the|my|our))",
        "(still|says|shows?|marked|as|showing|is|stays|remains|listed as) (as )?(unpaid|not paid|awaiting payment|payment pending|pending payment|waiting for payment)",
        "(my|our|the|all my|all our) (\\w+ )?(money|funds|balance|cash|wages|earnings|savings) (\\w+ ){0,3}(stuck|gone|frozen|held|locked|in limbo|trapped|blocked|missing|nowhere|never arrived|not arrived)",
        "(charged|debited|deducted|paid|took|taken|left my (account|bank)|went out) (\\w+ ){0,4}(but|and|yet|though) (\\w+ ){0,5}(unpaid|no order|not (confirmed|paid|received|placed|credited|there)|failed|never (arrived|confirmed)|doesn'?t (show|exist)|hasn'?t|still (says|shows|pending|locked|not)|no (confirmation|credit|booking|ticket|top-?up))",
        "(haven'?t|hasn'?t|not|never|havent|still not|yet to) (\\w+ )?been paid|(not|never|haven'?t|didn'?t|yet to) (get|got|gotten|receive|received) (\\w+ ){0,2}(paid|my (pay|payout|salary|wages|money|commission|earnings|payment)|our (payout|money|payment))|no (payout|salary|wages|payment received)|owe(s|d)? (me|us) (my |our |the |\\w+ )?(payout|wages|salary|money|commission|payment|\\S*\\d)",
        "(keeps?|kept|always|constantly|just) (declining|failing|rejecting|getting declined|being declined|being rejected|saying (payment|card) (failed|declined))",
    ],
    chinese: &[
        "(付款|支付|付钱|结账|结帐|刷卡|转账|转帐|提现|提款|提领|支付宝|微信支付|信用卡|打款|出金|入金|汇款|缴费|缴款|充值|储值|增值|过数|拍卡|碌卡|扫码付|扫码|line pay|applepay|payme|转数快|fps|街口|八达通|银行卡|交易|下单付|扣款|找数|俾钱|畀钱|pay|出粮|发薪|薪资|拨款|结算)…(失败|不了|不成功|被拒|被拒绝|卡住|卡在|付不出|过不了|过唔到|没到账|没到帐|不到账|未到账|未到帐|未入账|没入帐|没入账|拒绝|唔到|唔得|唔成功|冻结|不通过|没反应|冇反应|转圈|出错|报错|不上|被退回|无法|不能|一直处理中|不过去|审核中)",
        "(提现|提款|出粮|份粮|入账|入数|汇款|打款|货款|payout|转数|薪资|工资|款项|稿费|充值|储值)…(天|周|礼拜|日|个月)?…(处理中|审核中|还没到|未到|没到|未入数|未入账|没入账|没下来|没动静|冇到|到账)|(未|没|冇)(入数|入账|入帐|到账|到帐|出粮|发薪|发工资|拨款|收到(薪|工资|粮|货款|款))|份粮…(未|冇)|付款(又)?一直失败|付款…失败|(付|刷|扣|转|碌)(了|咗)?(三|两|几|好几|多|\\d)次都…(失败|唔得|不行|被拒|不成功|说)|验证失败.{0,10}卡|刷卡.{0,10}(失败|被拒)|碌唔到卡|收唔到卡|刷唔到卡|(收不了|收唔到|收不到)(钱|款|卡|帐|账|银)",
        "(付不了|付不出|付唔到|付款不了|刷不过|刷不了|刷唔到|提不出|提不了|提唔到|转不出|转不了|转唔到|提现不了|结不了账|结唔到账|充不进|充不上|汇不出|缴不了|还不了款|收不了款|无法(付款|支付|结账|结帐|刷卡|提现|转账|转帐|收款|提款|充值|缴费|出金)|不能(付款|支付|提现|转账|收款|刷卡)|没办法(付款|结帐|刷卡|转帐)|卡被拒|碌唔到|过唔到卡|过唔到数|找唔到数|俾唔到钱|畀唔到钱)",
        "(钱|款|款项|余额|货款|工资|薪水|人工|粮|佣金|收益|营业额|货款|尾款|资金|奖金|稿费|运费|押金|津贴|赔款|理赔款|拨款)…(卡在|卡住|卡咗|冻结|冻住|没到|还没到|未到|不到账|没发|没打|未发|拿不到|攞唔到|收不到|收唔到|没收到|未收到|提不出|取不出|拿不出|被扣住|压着|扣着|没入账|未入账|没结|拖欠|拖着|未拨|没拨|唔见|不知去向)",
        "(扣了|扣咗|已扣|扣款成功|付了|付咗|付完|已付|刷了|刷咗|转了|过咗|支付成功|扣走|被扣)…(款|钱|帐|数|账)?…[,\\s]?…(订单|系统|还是|但|却|仲|依然|显示|没有|未|冇)…(未付|待付|没付|未支付|待支付|没到账|未到账|没显示|没生成|没成功|不成功|未成功|没更新|未更新|失败|没有订单|冇单|没单|未确认)",
        "(还|仍|一直|依然|仲|都|订单)…(显示)?(待付款|未付款|未支付|待支付|没付款|未缴费|未缴|未入账)|(充值|储值|增值|充了|充咗)…(没到|未到|不到账|没有到|没入|未入)",
    ],
    weak: &[],
    company: &[],
    unless: &[
        "(refunds?|refunded|退款|退钱|退费|退货款|退返|退回|退的)",
        "money back|gift card|promo|(扣|记|罚)[0-9]+分|(payment methods?|which cards|what cards|which payment|gift cards?|price|cancel|return) (\\w+ ){0,3}(accept|take|do you)|application (was )?(declined|rejected)|(id|visa application|loyalty|sim|sd|library|membership) cards?|(tracking|order|parcel|delivery|shipment) (\\w+ )?(is |still |says |stuck )*(processing|pending|stuck)",
        "(贷款|信用卡|申请)(申请)?(被拒|审核|没通过)|(学生|会员|内存|sd|图书|身份|交通)卡|卡片机|怎么(付款|支付|提现|转账)|(可以|能|能不能|可唔可以|支持)…(付款|支付|刷卡)(吗|么|嘛)",
    ],
    negated: true,
    asked: true,
    solved: true,
};
