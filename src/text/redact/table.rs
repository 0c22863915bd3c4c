//! The rules, one row each: what is found, by which pattern, and what else must hold.

use super::{
    Kind,
    addresses::{chinese_estate, chinese_street, english_street},
    cards::cards,
    codes::codes,
    identity::{
        alone, hong_kong_id, iban, mainland_id, passports, singapore_id, social_security, taiwan_id,
        travel_number,
    },
    names,
    phones::phones,
    rules::{
        Method::{All, Part, Parts, Read},
        Rule, rule,
    },
    secrets::{
        bare_password, codes as code_values, has_digit, joined_password, latin_password, password, phrases,
        quoted_password, random, six_digits,
    },
};

/// All rules, in the order in which they are tried.
pub(super) const RULES: &[Rule] = &[
    // PINs and codes that are called passwords.
    rule(
        Kind::Code,
        Parts(
            r"(?i)(?:取款|提款(?:[机機])?|[柜櫃][员員][机機]|<atm|[语語]音|[电電][话話]|房[门門間间]|大[门門]|[门門](?:[锁鎖]|禁)?|[开開][门門锁鎖]|[电電]子[锁鎖]|保[险險][箱柜櫃]|行李箱|[储儲置]物[柜櫃])密[码碼](?:是|为|為|係|:|设成|設成)? ?<(\d{4,8}<[#*]?)",
            code_values,
        ),
    ),
    rule(
        Kind::Code,
        Parts(
            r"(?:口令|密[码碼])(?:是|为|為|係|:)? ?<([A-Za-z0-9]{4,8})<(?:是|为|為)?[^\n。!?,\d]{0,14}一次性",
            code_values,
        ),
    ),
    // Keys and tokens by their own form.
    rule(
        Kind::Secret,
        All(
            r"(?s)-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|\z)",
        ),
    ),
    rule(Kind::Secret, All(r"eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]{6,})?")),
    rule(Kind::Secret, All(r"<(?:sk|rk|pk)[-_](?:live[-_]|test[-_]|proj-|ant-)?[A-Za-z0-9_-]{16,}")),
    rule(
        Kind::Secret,
        All(
            r"<(?:AKIA|ASIA|LTAI|AKID|AGPA|AROA)[0-9A-Za-z]{14,32}<|<AIza[\w-]{30,}|<xox[abeprs]-[\w-]{10,}|<(?:hf|npm|whsec|shpat|shpss|gsk|dop_v1|sq0atp|sq0csp|pypi|pat|shpca|rnd|glsa|lin_api|ntn|secret|sbp|dckr_pat|tfp|figd|sntrys|xapp|pplx|r8|EAAA|nvapi|tvly|key|rubygems|dapi|phc|phx|PMAK|NRAK|ATATT|fo1|vercel|supabase|api|tok|sess|access|live|test|prod)[_-][A-Za-z0-9_-]{15,}|<SG\.[\w-]{10,}\.[\w-]{10,}|<ya29\.[\w-]{10,}|<EAAC[A-Za-z0-9]{20,}|<\d{6,12}:[A-Za-z0-9_-]{30,}|<[0-9a-f]{32}-us\d{1,2}<",
        ),
    ),
    rule(Kind::Secret, All(r"<(?:gh[opsur]_|github_pat_|glpat-)[\w-]{16,}")),
    // Secrets after a word that says so.
    rule(
        Kind::Secret,
        Part(
            r#"(?i)(?:(?:<|_)(?:bearer|basic|api[ _-]?keys?|api[ _-]?token|access[ _-]?key(?:[ _-]?id)?|access[ _-]?token|refresh[ _-]?token|secret[ _-]?(?:access[ _-]?)?(?:key|id)|access[ _-]?key[ _-]?secret|encryption[ _-]?key|signing[ _-]?key|master[ _-]?key|deploy[ _-]?key|account[ _-]?key|auth[ _-]?token|bot[ _-]?token|client[ _-]?secret|app[ _-]?secret|private[ _-]?key|webhook secret|signing secret|license key|session[ _-]?id|token|secret|key)|密钥|密鑰|金鑰|金钥|令牌|权杖|權杖|私钥|私鑰)(?:["']? ?(?:is|was|[:=是为為])|) {0,2}["'`]?([A-Za-z0-9._~+/=-]{16,})"#,
            has_digit,
        ),
    ),
    rule(
        Kind::Secret,
        Part(
            r"(?i)(?:<|_)secret(?:[ _-](?:access[ _-])?key)?(?: is|[:=])? {0,2}([A-Za-z0-9/+]{40})<",
            has_digit,
        ),
    ),
    rule(Kind::Secret, All(r"://[^\s/@:]{0,64}:([^\s/]{1,128})@[A-Za-z0-9\[]")),
    rule(
        Kind::Secret,
        All(
            r"(?i)[?&#;](?:[a-z]{0,12}_?token|api_?key|key|secret|client_secret|password|passwd|pwd|sig|signature|session(?:_?id)?|sid|auth|otp|jwt|access_key|ticket|code_verifier|hash|reset|invite)=([^\s&#\x3c>，。、)\p{Han}]{3,512})",
        ),
    ),
    rule(
        Kind::Secret,
        Part(
            r"(?i)://[^\s?#]{0,120}(?:hooks?|webhooks?|bot\d*|services|incoming)[^\s?#]{0,120}/([A-Za-z0-9_-]{16,256})(?:[^A-Za-z0-9_/-]|$)",
            has_digit,
        ),
    ),
    rule(Kind::Secret, Read(phrases)),
    rule(
        Kind::Secret,
        All(
            r#"<(?:[A-Z0-9]{1,20}_){0,4}(?:SECRET|TOKEN|PASSWORD|PASSWD|PASS|PWD|API_?KEY|ACCESS_?KEY|KEY|CREDENTIALS?|AUTH)(?:_[A-Z0-9]{1,12}){0,2} ?= ?["'`]?([!#-&(-_a-~]{6,256})"#,
        ),
    ),
    rule(Kind::Secret, Part(r"://hooks\.zapier\.com/hooks/catch/(\d{3,10}/[A-Za-z0-9]{4,24})", has_digit)),
    rule(
        Kind::Secret,
        Part(
            r"(?i)://[^\s?#]{1,200}/(?:reset|verify|confirm|activate|invite|magic|magic-link|login|auth|recover|token|share|unsubscribe|reset-password|password-reset|verify-email)/([A-Za-z0-9_.-]{10,256})",
            has_digit,
        ),
    ),
    rule(
        Kind::Secret,
        Part(
            r#"(?i)(?:pass ?word|<pas+[ -]?wo?r?d?<|<pass? ?wr?od<|passwort|contrase[ñn]a|mot de passe|<psk<|<pre-?shared key|<passwd<|<pwd<|<pw<|<pass<|passphrase|_pass(?:word)?<|密码|密碼|口令|<pin(?: code)? for the (?:door|gate|alarm))[ "'”」)]{0,2}(?:\s{0,3}(?:[:=]|<is<|<was<|<to<|<as<|是|为|為|叫|係|改成|改[为為做]|[设設][成为為]|[换換][成做])){1,2}\s{0,3}["'“「`]?([!-~]{4,64})"#,
            password,
        ),
    ),
    rule(
        Kind::Secret,
        Part(
            r#"(?i)(?:pass ?(?:word|phrase|wd)|<log-?in<|credentials?|<wi-?fi<|密[码碼]|口令|通关密语|wifi|[无無][线線]|登[录入錄陆])[^\n。.!?"“「『]{0,44}["“「『]([!-~]{6,64}?)["”」』]"#,
            bare_password,
        ),
    ),
    rule(
        Kind::Secret,
        Part(
            r#"(?:密[码碼]|口令)[^\n。.!?"“「『]{0,14}(?:是|为|為|叫|係|:|成)["“「『]([^\n"”」』]{2,40})["”」』]"#,
            quoted_password,
        ),
    ),
    rule(
        Kind::Secret,
        Part(
            r#"(?:密[码碼]|口令)[^\n。!?,]{4,40}?[和跟与與及]\p{Han}{1,8}?["「]?([A-Za-z][!-~]{4,40})"#,
            joined_password,
        ),
    ),
    rule(
        Kind::Secret,
        Part(
            r"(?i)(?:^|[^/\w.])(?:root|admin|administrator|sa|postgres|ubuntu) ?[/|] ?([!-~]{5,40})",
            bare_password,
        ),
    ),
    rule(
        Kind::Secret,
        Part(
            r#"(?i)(?:(?:pass ?word|<passwd|<pwd|<pw<|passphrase)\s{1,3}|(?:密码|密碼|口令)\s{0,3})["'“「`(]?([!-~]{4,64})"#,
            bare_password,
        ),
    ),
    rule(
        Kind::Secret,
        Part(
            r#"(?i)(?:pass ?(?:word|code|phrase)|密码|密碼)(?:'s|(?:[ ,][\p{Latin}'-]{1,15}){1,6}?(?: is|:| =| was)|[\p{Han} ]{1,10}[:是为為]) {0,2}["'“「`]?([!-~]{4,64})"#,
            bare_password,
        ),
    ),
    rule(
        Kind::Secret,
        Part(r#"(?:密码|密碼|口令)\s{0,2}["'“「]?([A-Za-z][A-Za-z0-9._-]{4,40})<"#, latin_password),
    ),
    rule(
        Kind::Secret,
        Part(
            r"(?i)(?:(?:<(?:wi-?fi|router|login|admin|ssh|s?ftp|rdp|vpn|user(?:name)?|account|server)|登[录入錄]|[账帐帳][号號户戶]|[后後][台臺]|路由)[^\n。.!?:]{0,20}?[:：] ?[\w.@-]{2,30} ?/ ?)([!-~]{4,40})",
            bare_password,
        ),
    ),
    // Addresses of mail.
    rule(
        Kind::Email,
        All(
            r"[\p{Latin}0-9](?:[\p{Latin}0-9._%+'-]{0,63}) ?(?:@|%40) ?(?:[\p{Latin}0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}",
        ),
    ),
    rule(
        Kind::Email,
        All(
            r"(?i)[a-z0-9._%+-]{1,64}@(?:gmail|hotmail|yahoo|outlook|icloud|qq|163|126|foxmail|sina)<(?:,com<)?",
        ),
    ),
    rule(
        Kind::Email,
        All(
            r"(?i)<[a-z0-9._%+-]{2,64}(?: dot [a-z0-9]{1,30}){0,3} ?[(\[{]? ?(?:at|@) ?[)\]}]? ?[a-z0-9-]{2,63} ?[(\[{]? ?(?:<dot<|\.) ?[)\]}]? ?(?:com|net|org|edu|co\.uk|co|io|de|fr|hk|tw|cn|me|eu|info|biz|jp|sg|com\.(?:hk|tw|cn))<",
        ),
    ),
    // Bank accounts, cards and identity cards by their check digits.
    rule(Kind::BankAccount, Part(r"<[A-Za-z]{2} ?\d{2}", iban)),
    rule(Kind::Id, Part(r"<[1-9]\d{5}[ -]{0,2}\d{4} ?\d{4}[ -]{0,2}\d{3}[\dXx]<", mainland_id)),
    rule(Kind::Id, Part(r"<[A-Za-z]{1,2} ?\d{6} ?\([0-9Aa]\)", hong_kong_id)),
    rule(
        Kind::Id,
        Part(
            r"(?i)(?:<hkid|<hong kong id|<hk id|身[份分][证證]|<id (?:card|number|no))[^\n\d]{0,12}?<([a-z]{1,2}\d{6}[0-9a])<",
            hong_kong_id,
        ),
    ),
    rule(Kind::Id, Part(r"<[A-Za-z][1289]\d{8}<|<[A-Za-z][A-Da-d]\d{8}<", taiwan_id)),
    rule(Kind::Id, Part(r"<[STFGMstfgm]\d{7}[A-Za-z]<", singapore_id)),
    rule(Kind::Id, Part(r"<\d{3}-\d{2}-\d{4}<", social_security)),
    rule(
        Kind::Id,
        Part(
            r"(?i)(?:<ssns?<|social security(?: (?:number|no\.?|#))?|<social insurance|<sin (?:number|no)|<itin<)[^\d\n]{0,16}(\d{9}|\d{3}[ .]\d{2}[ .]\d{4}|\d{3} \d{3} \d{3})<",
            alone,
        ),
    ),
    rule(Kind::Id, Part(r"<[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]<", alone)),
    rule(
        Kind::Id,
        Part(
            r"(?i)<(?:national insurance|ni (?:number|no)|nino|nin<|nis<)[^\n\d]{0,24}?<([a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d])<",
            alone,
        ),
    ),
    rule(Kind::Id, Part(r"(?:身[份分][证證]|[证證]件[号號])[^\n\d。!?]{0,8}?<(\d{15})<", alone)),
    rule(
        Kind::Passport,
        Parts(
            r"(?i)(?:passports?|护照|護照|通行[证證]|台胞[证證]|臺胞[证證]|回[乡鄉][证證]|旅行[证證]|travel document|travel permit|<bno<)[^\n。.!?\d\[]{0,28}?(?:<no\. ?)?<([a-z]{0,2}\d{6,10}[a-z]?|[a-z]\d{2}[a-z]\d{2}[a-z]\d{2}|[cfghjk][a-z0-9]{8})<",
            passports,
        ),
    ),
    rule(
        Kind::Passport,
        Parts(
            r"(?i)<([a-z]{1,2}\d{7,8})<(?: is| was|是| 是|為|为)[^\n。.!?,]{0,10}(?:passport|护照|護照|通行[证證]|台胞[证證]|回[乡鄉][证證])",
            passports,
        ),
    ),
    rule(
        Kind::Passport,
        Part(r"(?:<[Pp]assports?|护照|護照)[^\n\d\[。!?]{0,16}?<(\d{2} \d{7}|\d{2} \d{2} \d{6})<", alone),
    ),
    rule(Kind::Passport, Part(r"<[A-Z]{1,3} ?\d{6,10}[A-Z]?<|<[A-Z][A-Z0-9]{7,8}<|<\d{8,9}<", travel_number)),
    rule(Kind::Card, Parts(r"<\d(?:(?:[ -]{1,2}|\.)?\d){12,}", cards)),
    // Codes after a word that says so.
    rule(
        Kind::Code,
        Parts(
            r"(?i)(?:<cvv2?<|<cvc2?<|<cid<|<csc<|安全[码碼]|末三[码碼]|[后後]三[位码碼]|检查码|檢查碼|[背后後]面的?(?:[三3四4][位个個码碼](?:[数數]字?|[码碼])?|[数數]字|[码碼])|[三3][位码碼][安检檢][全查][码碼]|security code)[^\d\n。!?\[]{0,24}(\d{3,4})<",
            code_values,
        ),
    ),
    rule(
        Kind::Code,
        Parts(
            r"(?i)(?:(?:backup|recovery|scratch|emergency|2fa) codes?|(?:备用|備用|备份|備份|恢复|復原|救援|備援)(?:验证|驗證)?[码碼])[^\n。.!?\d]{0,24}?<([A-Za-z0-9]{4,5}-[A-Za-z0-9]{4,5}|\d{4} \d{4}|\d{6,10}|[a-z0-9]{8,10})<",
            code_values,
        ),
    ),
    rule(
        Kind::Phone,
        Part(r"(?i)(?:<tel|<fon|phone|mobile?|<call|<fax|<handy)[^\d\n]{0,12}<(0\d{2,4}/ ?\d{4,8})<", alone),
    ),
    rule(Kind::Code, Read(codes)),
    rule(Kind::Phone, Parts(r"[+(]{0,2}\d(?:[ .()+-]{0,3}\d)*", phones)),
    rule(
        Kind::Code,
        Parts(
            r"(?i)(?:verification code|confirmation code|security code|one[- ]time (?:code|password|passcode|pin)|auth(?:entication|orization|enticator)? code|(?:log-?in|sms|2fa|mfa|sign-?in|access|text|pass|unlock|[46][ -]digit|six[ -]digit|four[ -]digit|one[ -]off) code|passcode|<otp<|<pin(?: code| number)?<|验证码|驗證碼|校[验驗][码碼]|[动動][态態][码碼]|[动動][态態]口令|[认認][证證][码碼]|[确確][认認][码碼]|[动動][态態]密[码碼]|一次性密[码碼]|[六四6]位[数數](?:字|的)?(?:[密]?[码碼])?|取件[码碼]|提[货貨][码碼])[^\d\n。!?\[]{0,28}?<(\d{4,8}|\d{3}[ -]\d{3}|\d{4}[ -]\d{4}|[A-Z]{1,3}-?\d{4,8})<",
            code_values,
        ),
    ),
    rule(
        Kind::Code,
        Parts(
            r"(?i)(?:asked (?:me )?for (?:the|a|my) code|(?:^|[\s,.:;])(?:the|my|your|a|this|that) code|(?:^|[.!?\n]) ?code)(?: (?:is|was|i got)|:| =|, it(?: is|'s)|)\s{0,2}(\d{4,8}|\d{3}[ -]\d{3})<",
            code_values,
        ),
    ),
    rule(
        Kind::Code,
        Parts(
            r#"(?i)<([A-Z]{1,3}-\d{4,8}|\d{4,8}|\d{3}[ -]\d{3}) ?["”」]?(?:(?:is|as|was) (?:my|your|the|a)(?: [\w-]{1,14}){0,3} (?:code|otp|pin|passcode)<|[是(為为]\p{Han}{0,10}?(?:验证码|驗證碼|校验码|校驗碼|[认認][证證][码碼]|[动動][态態][码碼]))"#,
            code_values,
        ),
    ),
    // Addresses: Chinese, English, German, French and Spanish streets.
    rule(
        Kind::Address,
        Part(
            r"[\p{Han}]{1,14}?(?:路|街|大道|大街|巷|胡同|道|村|里|段)(?:[东西南北中東]|[一二三四五六七八九十\d]{1,2}段|中){0,2} {0,2}(?:[\d一二三四五六七八九十]{1,4} ?(?:巷|弄|里|街|條|条) ?){0,3}(?:\d{1,5}(?:[-~]\d{1,5})?(?:之\d{1,3})?|[一二三四五六七八九十百零〇]{1,6}) ?[号號弄](?:院)?(?:[\p{Han}A-Za-z\d -]{0,12}?[\dA-Za-z一二三四五六七八九十]{1,5} ?(?:[栋棟幢座楼樓层層室户戶房期院舍斋排塔F]|单元|單元|[号號](?:楼|樓)?))*(?:之\d{1,3})?(?: ?[A-Z]?\d{0,4}室|\p{Han}{2,8}[A-Z]座\d{2,5}|之?[A-Z]?\d{2,5}[A-Z]?(?:室|房)?<?)?",
            chinese_street,
        ),
    ),
    rule(
        Kind::Address,
        Part(
            r"\p{Han}{1,10}?(?:村|屯|寨|庄|莊|坳|围|圍|[乡鄉][镇鎮]?|部落|农场|農場)(?:[\p{Han}]{0,6}?(?:\d{1,3}|[一二三四五六七八九十]{1,3})?[组組队隊鄰邻社])?\p{Han}{0,6}? ?\d{1,5}(?:之\d{1,3})?[号號](?:之\d{1,3})?(?:[\p{Han}]{0,6}?[\dA-Z]{1,4}[座楼樓层層室户戶房])*",
            chinese_street,
        ),
    ),
    rule(
        Kind::Address,
        Part(
            r"\p{Han}{2,12}?(?:村|屯|寨)[\p{Han}]{0,6}?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[组組队隊鄰邻社](?:\d{1,4}[号號])?",
            chinese_estate,
        ),
    ),
    rule(
        Kind::Address,
        Part(
            r"\p{Han}{2,12}?(?:路|街|大道|巷|[胡]同)[\p{Han}A-Za-z]{2,14}?(?:大[厦廈楼樓]|[广廣][场場]|中心|小[区區]|花[园園]|公寓|家[园園]|[园園][区區]?|[苑府庭邨城座]|公[馆館]|新村|宿舍|[院])?[A-Z\d]{1,3}(?:座|[栋棟]|幢|[号號][楼樓]|塔)[\dA-Z]{0,5}(?:[单單]元)?[\dA-Z]{0,5}(?:室|房|[楼樓]|[层層])?(?:[\dA-Z]{1,5}室?)?",
            chinese_estate,
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"(?:\p{Han}{0,2}[郵邮][政局件])?第?\d{1,4}(?:[之-]\d{1,4}){0,2}[号號][郵邮政專专用]{0,4}信箱(?:\d{1,4}分箱)?|(?:[郵邮]政)?信箱第?\d{1,6}[号號]",
        ),
    ),
    rule(
        Kind::Address,
        Part(
            r"\p{Han}{2,12}?(?:路|街|大道)\d{1,5}(?:之\d{1,3})?[号號][\p{Han}]{2,8}?\d{1,3}[舍栋棟幢座斋][\dA-Z]{2,5}",
            chinese_street,
        ),
    ),
    rule(
        Kind::Address,
        Part(
            r"\p{Han}{2,10}?(?:邨|苑|[花][园園]|大[厦廈]|中心|[广廣][场場])?\p{Han}{0,5}[楼樓阁閣座厦廈邨苑] ?(?:[\dA-Z]{1,3}[楼樓座] ?)?\d{1,4}[A-Z]? ?室",
            chinese_estate,
        ),
    ),
    rule(
        Kind::Address,
        Part(
            r"\p{Han}{2,12}?(?:小[区區]|社[区區]|花[园園]|公寓|家[园園]|新村|大[厦廈]|[广廣][场場]|中心|城|邨|苑|[阁閣]|[湾灣]|府|庭|公[馆館]|山庄|山莊|[号號]院|宿舍)(?:[东西南北中東][区區]|[一二三四五六七八九十\d]期)? ?[\dA-Z]{1,4} ?(?:[栋棟幢座]|[号號][楼樓]) ?(?:[\dA-Z]{1,5} ?(?:单元|單元|[楼樓层層室户戶房]) ?){0,3}(?:[\dA-Z]{1,5}室?)?",
            chinese_estate,
        ),
    ),
    rule(
        Kind::Address,
        Part(
            r"(?i)<(?:(?:flat|apt|apartment|unit|suite|room|rm|shop|villa|house|block|blk|tower|office|studio|penthouse)\.? ?(?:[a-z]?\d{1,5}[a-z]?|[a-z])(?:, ?\d{1,3}/f)?,? |\d{1,3}[a-z], ?|\d{1,3}/f,? |g/f,? |(?:\d{1,3}(?:st|nd|rd|th)|ground|first|second|third|top) floor,? |(?-i:The(?: \p{Lu}[\p{Latin}']+){1,3}|(?:\p{Lu}[\p{Latin}']+ ){1,3}(?:Cottage|House|Lodge|Barn|Farm|Farmhouse|Manor|Villa|Court|Mill|Hall|Grange|Rectory|Vicarage|Bungalow|Towers?|Buildings?|Mansions?|Cent(?:re|er)|Apartments|Forge|Stables|Croft|Heights|Place|Point|Plaza|Gardens?)), ){0,4}(?:\d{1,5}[a-z]?(?:[-/]\d{1,5}[a-z]?)?),? (?:[nsew]\.? )?(?:(?:(?:\d{1,3}(?:st|nd|rd|th)|\p{Latin}[\p{Latin}'.]{1,20}) ){1,3}(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|way|place|pl|square|sq|terrace|ter|crescent|cres|gardens|grove|mews|close|parkway|pkwy|highway|hwy|row|quay|walk|hill|park|green|circle|trail|plaza|rise|view|wharf)<\.?|(?-i:[A-Z][a-z]{3,12}way|Broadway|Strand)<)(?: [nsew]{1,2}<)?(?:,? {0,2}(?:apt|apartment|suite|ste|unit|flat|room|rm|floor|fl)\.? ?#?[\w-]{1,6}<| {0,2}#\d{1,4}(?:-\d{1,5})?[a-z]?<)?(?:,? \d{1,2}(?:st|nd|rd|th) floor<)?(?:, {0,2}(?-i:[A-Z][a-z]{2,15}(?: [A-Z][a-z]{2,15})?)<)?(?:,? {0,2}(?-i:[A-Z]{2}) \d{5}(?:-\d{4})?<|,? {0,2}(?-i:[A-Z]{1,2}\d[A-Z\d]? \d[A-BD-HJLNP-UW-Z]{2})<)?",
            english_street,
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"<(?:(?:[Vv]illa|[Hh]ouse|[Pp]lot|[Bb]uilding|[Bb]ldg|[Bb]lock|[Tt]ower|[Ff]lat|[Uu]nit|[Rr]oom|Rm|[Ss]uite|[Aa]partment|[Aa]pt|Street|St|Road|Rd|Zone|Sector|Phase|Lane|Way|Level|Floor|Lot|Stage|Cross|Main)\.? ?(?:\d{1,4}[A-Z]?|[A-Z]\d{0,3})|\d{1,3}/F|G/F|\d{1,3}(?:st|nd|rd|th) (?:Floor|Cross|Main|Street))(?:,? (?:(?:[Bb]uilding|[Bb]lock|[Tt]ower|[Ff]lat|[Uu]nit|[Rr]oom|Street|Road|Zone|Sector|Phase|Lane|Level|Floor|Stage)\.? ?(?:\d{1,4}[A-Z]?|[A-Z]\d{0,3})<|\d{1,3}/F|G/F|\d{1,3}(?:st|nd|rd|th) (?:Floor|Cross|Main|Street))){1,5}(?:, (?:\p{Lu}[\p{Latin}']+ ){0,4}(?:Centre|Center|Building|House|Court|Mansions?|Tower|Gardens?|Plaza|Estate|Chuen|Residences?|Apartments|Villas?|Layout|Nagar|Colony|Society|Heights|Point)(?: Phase \d)?)?",
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"<\p{Lu}[\p{Latin}]{1,20}(?:vegen|veien|gata|gaten|gade|vej|vägen|gatan|plass|torget?|katu|tie|straat|laan|plein|gracht|kade|dreef|utca|caddesi|sokak) \d{1,4} ?[A-Za-z]?<|<\p{Lu}[\p{Latin}-]{2,20} (?:allé|gate|vei|gade|vej|väg|gata|utca|út|körút|sok\.?|cad\.?|caddesi|sokak|straat|laan) (?:No\.? ?:?)?\d{1,4} ?[A-Za-z]?<|<(?i:ul\.|ulica|ulitsa|str\.|strada|al\.) ?(?:\p{Lu}[\p{Latin}'-]{2,20} ?){1,3},? ?\d{1,4}[a-zA-Z]?(?:/\d{1,4}| ?m\. ?\d{1,4})?<|<\d{1,4}[A-Z]?,? (?:Calle|Avenida|Avda\.|Paseo|Carrera|Via|Viale|Rua|Strada|Plaza|Piazza) (?:(?:de|del|la|las|los|da|do|dos|di) ){0,2}\p{Lu}[\p{Latin}'-]{1,20}(?: \p{Lu}[\p{Latin}'-]{1,20}){0,2}",
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"(?:[Aa]ddress|[Ll]ive|[Ll]iving|moved|[Dd]eliver|new one|old one)[^.!?\n\d]{0,40}? (?:is|was|to|at|on|in|:) ((?:\p{Lu}[\p{Latin}'-]+ ){1,3}(?:Street|Road|Lane|Terrace|Drive|Close|Crescent|Avenue|Grove|Row|Hill|Square|Cottages?|Farm|Mews|Way), \p{Lu}[\p{Latin}'-]+)",
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"(?:I|[Ww]e)(?: live|'m| am|'re| are)[^.!?\n\d:]{0,30}(?::|<at) ((?:\p{Lu}[\p{Latin}'-]+ ?){1,3}, (?:\p{Lu}[\p{Latin}'-]+ ?){1,3})(?:,| near| in |\.)",
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"(?i)<(?:blk|block) \d{1,4}[a-z]?,? (?:[a-z][a-z'.]{1,15} ){1,4}(?:ave|avenue|street|st|road|rd|drive|dr|link|close|central|crescent|lane)<\.?(?: \d{1,3}<)?(?:,? ?#\d{1,3}-\d{1,5}[a-z]?)?",
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"<(?:\d{1,3}F\.?(?:-\d{1,2})?, ?)?(?i:no)\.? ?\d{1,4}(?:-\d{1,3})?, ?(?:(?:Ln|Lane|Aly|Alley)\.? ?\d{1,4}, ?){0,2}(?:Sec(?:tion)?\.? ?\d, ?)?(?:[A-Z][A-Za-z'.-]{0,15} ?){1,3}(?:Rd|St|Road|Street|Blvd|Ave|Avenue|Boulevard)<\.?(?:,? Sec(?:tion)?\.? ?\d)?",
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"<?[A-ZÄÖÜ][a-zäöüß]{2,20}(?:straße|strasse|str\.|gasse|allee|platz|weg|damm|ufer) \d{1,3} ?[a-z]?<|<[A-ZÄÖÜ][\p{Latin}-]{2,20}(?: [A-ZÄÖÜ][\p{Latin}-]{2,20})? (?:Straße|Strasse|Str\.|Allee|Platz|Weg) \d{1,3}[a-z]?<",
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"<\d{1,4}(?: ?bis| ?ter)?,? (?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Bb]d|[Qq]uai|[Cc]hemin|[Ii]mpasse|[Aa]llée|[Pp]lace|[Cc]ours|[Rr]oute) (?:(?:de|des|du|la|le|l'|d'|les) ?){0,2}[A-ZÉÈ][\p{Latin}'-]{1,20}(?:[ -][A-ZÉÈ][\p{Latin}'-]{1,20}){0,2}(?:, ?\d{1,2}(?:e|er|ère|ème) étage)?|<(?:Calle|Avenida|Avda\.|Paseo|Via|Viale|Corso|Piazza|Rua) (?:(?:de|del|la|las|los|da|di) ){0,2}(?:[A-ZÁÉÍÓÚ][\p{Latin}'-]{1,20} ?){1,3},? ?\d{1,4}<",
        ),
    ),
    rule(
        Kind::Address,
        All(
            r"<(?:(?:Blk|Block) )?\d{1,4}[A-Z]?,? (?:Jalan|Jln|Lorong|Lor)\.? (?:[A-Z][a-z]{1,15} ?){0,3}(?:\d{1,3}[A-Z]?<)?(?: ?#\d{1,3}-\d{1,5})?",
        ),
    ),
    rule(Kind::Address, All(r"(?i)<p\.? ?o\.? ?box \d{1,6}<|<(?:postfach|apartado(?: de correos)?|casella postale|bo[iî]te postale|postbus|caixa postal|skr\.? poczt\.?|private bag|gpo box|locked bag|rr \d box) \d(?: ?\d){1,6}<")),
    rule(Kind::Address, All(r"<[A-Z]{1,2}\d[A-Z\d]? \d[A-BD-HJLNP-UW-Z]{2}<")),
    // Names.
    rule(Kind::Name, All(r"阿(?:[A-Z][a-z]{1,12})")),
    rule(Kind::Name, Read(names::chinese)),
    rule(Kind::Name, Read(names::english)),
    // What is left.
    rule(Kind::Code, Part(r"<(?:\d{6}|\d{3} \d{3})<", six_digits)),
    rule(Kind::Secret, Part(r"<[A-Za-z0-9_-]{32,}<", random)),
];
