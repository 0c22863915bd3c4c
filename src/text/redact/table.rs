//! The rules, one row each: what is found, by which pattern, and what else must hold.

use super::{
    Kind,
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
    street_table::STREETS,
};

/// All rules, in the order in which they are tried.
pub(super) const RULES: [&[Rule]; 3] = [VALUES, STREETS, NAMES];

/// Secrets, numbers and codes.
const VALUES: &[Rule] = &[
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
            r"(?i)(?:<cvv2?<|<cvc2?<|<cid<|<csc<|安全[码碼]|末三[码碼]|[后後]三[位码碼]|检查码|檢查碼|[背后後]面的?(?:[三3四4][位个個码碼](?:[数數]字?|[码碼])?|[数數]字|[码碼])|卡的?[三3][码碼]|[三3][码碼](?:是|为|為|係|:)|[三3][位码碼][安检檢][全查][码碼]|security code)[^\d\n。!?\[]{0,24}(\d{3,4})<",
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
];

/// Names, and what is left when all else is found.
const NAMES: &[Rule] = &[
    // Names.
    rule(Kind::Name, All(r"阿(?:[A-Z][a-z]{1,12})")),
    rule(Kind::Name, Read(names::chinese)),
    rule(Kind::Name, Read(names::english)),
    // What is left.
    rule(Kind::Code, Part(r"<(?:\d{6}|\d{3} \d{3})<", six_digits)),
    rule(Kind::Secret, Part(r"<[A-Za-z0-9_-]{32,}<", random)),
];
