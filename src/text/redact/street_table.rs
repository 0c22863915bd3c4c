//! The rules of addresses, one row each.

use super::{
    Kind,
    addresses::{chinese_estate, chinese_street, english_street},
    rules::{
        Method::{All, Part},
        Rule, rule,
    },
};

/// Chinese, English and other streets, in the order in which they are tried.
pub(super) const STREETS: &[Rule] = &[
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
    rule(
        Kind::Address,
        All(
            r"(?i)<p\.? ?o\.? ?box \d{1,6}<|<(?:postfach|apartado(?: de correos)?|casella postale|bo[iî]te postale|postbus|caixa postal|skr\.? poczt\.?|private bag|gpo box|locked bag|rr \d box) \d(?: ?\d){1,6}<",
        ),
    ),
    rule(Kind::Address, All(r"<[A-Z]{1,2}\d[A-Z\d]? \d[A-BD-HJLNP-UW-Z]{2}<")),
];
