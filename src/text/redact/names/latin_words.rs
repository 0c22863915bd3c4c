//! Words that are names, or none, in Latin letters.

use std::{collections::HashSet, sync::LazyLock};

/// A list written with commas.
fn split(list: &'static str) -> Vec<&'static str> {
    list.split(", ").collect()
}

/// Frequent given names of English-speaking and other countries.
pub(super) static GIVEN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("given.txt").split_whitespace().collect());
/// Given names that are also words, places, brands or surnames: believed only with a sign.
pub(super) static OFTEN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("often.txt").split_whitespace().collect());
/// Frequent surnames.
pub(super) static SURNAMES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("surnames.txt").split_whitespace().collect());
/// Syllables of Mandarin and Cantonese names as they are written in Latin letters.
pub(super) static SYLLABLES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("syllables.txt").split_whitespace().collect());
/// Capitalised words that are no part of a name.
pub(super) static STOPS: LazyLock<HashSet<&str>> = LazyLock::new(|| NO_NAMES.split_whitespace().collect());

const NO_NAMES: &str = "i i'm i've i'd i'll im it it's its he she we you they them me my mine your yours our ours his her hers their \
    the a an this that these those there here what when where which who whom whose why how and or but so if because as at \
    by for from in into of off on onto out over to up with without about after again all also always am any anybody are be been being \
    both can can't cannot could did didn't do does doesn't doing don't done down each either else even ever every few had has hasn't have \
    haven't having hello hi hey dear just let like made make many may maybe might more most much must never new next no nobody none nor not \
    nothing now often old once one only other others please really same shall should since some somebody someone something still such \
    sure than thank thanks then though three too two until very via was wasn't we're were what's will won't would yes yet you're \
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december \
    mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn winter \
    christmas easter ramadan diwali halloween thanksgiving hanukkah eid xmas black cyber boxing prime good happy new year lunar mid \
    american british english scottish welsh irish canadian australian german french italian spanish dutch swiss austrian belgian chinese taiwanese \
    japanese korean indian singaporean malaysian european asian african mexican brazilian polish swedish danish norwegian \
    america britain england scotland wales ireland canada australia germany france italy spain netherlands switzerland austria belgium china \
    taiwan japan korea india singapore malaysia europe asia africa mexico brazil poland sweden denmark norway hong kong macau kowloon usa uk eu \
    london paris berlin munich hamburg frankfurt madrid barcelona rome milan vienna zurich geneva dublin edinburgh glasgow manchester leeds \
    bristol birmingham liverpool york chicago boston seattle austin dallas houston denver miami atlanta angeles francisco vegas toronto \
    vancouver sydney melbourne brisbane perth auckland tokyo osaka seoul beijing shanghai guangzhou shenzhen taipei kaohsiung taichung \
    team support service services customer customers care sir madam madame sirs manager management staff desk office department dept sales \
    billing accounts account finance reception everyone everybody folks friends guys colleague colleagues agent operator admin administrator \
    order orders refund refunds return returns delivery shipping parcel package invoice receipt payment card visa mastercard amex paypal stripe \
    klarna apple google microsoft amazon ebay samsung sony nike adidas ikea dyson bosch philips lego netflix spotify facebook instagram whatsapp \
    wechat alipay twitter youtube chrome firefox safari windows android iphone ipad macbook mac ios linux ubuntu uber lyft dhl fedex ups usps \
    royal mail hermes evri dpd gls tide plus pro max mini ultra premium gold silver bronze platinum vip member prime basic standard express \
    street road avenue lane drive square park court store shop mall airport hospital station hotel school university college bridge island beach \
    county city town village building tower house floor flat apartment unit room suite block gate bank insurance group inc ltd llc gmbh co corp company limited \
    sofa lamp chair table desk bed mattress edition collection series model version size colour color white blue red green pink grey gray yellow \
    purple orange brown box set pack kit case bag shoes sneakers boots shirt dress coat jacket jeans watch phone laptop tablet camera speaker \
    headphones charger cable battery machine kettle toaster coffee tea maker blender \
    regards sincerely cheers best kind warm yours truly faithfully wishes respectfully sent sender signed attn attention re fwd cc ps nb faq \
    hi hiya greetings morning afternoon evening night day today tomorrow yesterday week weekend month year \
    unacceptable ridiculous urgent important disappointed upset angry frustrated furious sad sorry glad worried confused ready wondering curious \
    terrible awful horrible great amazing excellent wonderful bad worst fantastic unable interested aware afraid back ok okay done stuck lost late missing \
    help need want wanted looking waiting trying asking calling writing using getting going coming buying ordered bought received paid returned sent \
    cancel change update check contact call email reply respond reset login log sign password username error code wifi vpn api json http https url pdf \
    eur usd gbp hkd twd cny sgd id vat tax iban bic swift ssn hkid nric pin otp cvv sms app apps web site website page online chat bot live \
    kitty coupon voucher promo sale deal deals trial subscription plan free delivery anymore anyway instead further regarding concerning \
    mr mrs ms miss dr prof mx st saint north south east west upper lower central great little san santa los las el port fort lake mount new \
    section clause appendix chapter figure part item number no reference ref ticket case issue question answer subject date time address name names phone \
    tel mobile fax recipient consignee sincerely protection trading standards controller exec test demo example sample null true false unknown anonymous tide amp gift lucky nice dear";
/// Pairs of words, lower case, that are brands, films or places and no person near a customer.
pub(super) static BRANDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "ralph lauren, calvin klein, michael kors, tommy hilfiger, hugo boss, kate spade, paul smith, \
    stella mccartney, alexander mcqueen, alexander wang, louis vuitton, christian dior, \
    christian louboutin, tom ford, jimmy choo, levi strauss, harley davidson, james bond, taylor swift, \
    michael jackson, john lewis, laura ashley, fred perry, ted baker, vivienne westwood, karen millen, \
    jo malone, anya hindmarch, thomas cook, charlotte tilbury, bobbi brown, helena rubinstein, \
    elizabeth arden, harry potter, johnnie walker, jack daniels, jack wolfskin, marc jacobs, \
    donna karan, philipp plein, oscar mayer, betty crocker, peter pan, peter rabbit, winnie pooh, \
    santa claus, patek philippe, daniel wellington, tony robbins, sara lee, ben sherman, helly hansen, \
    jack jones, robert dyas, russell hobbs, morphy richards, john deere, stanley gibbons, la marzocco, \
    st john, max mara, emporio armani, giorgio armani, roberto cavalli, yves saint, hong kong, tai wan, \
    oscar wilde, sherlock holmes, elizabeth line, victoria beckham, anna sui, issey miyake, \
    yohji yamamoto, vera wang, vera bradley, tory burch, steve madden, dorothy perkins, tommy bahama, \
    kurt geiger, rosa parks, martin luther, charles keith, lee cooper, dr martens, sun tzu, chow mein, \
    tai chi, feng shui, kung fu, dim sum, yin yang, chow sang, wing on, ping an, bao bao, tan tan, \
    wing wah, lo mein, hang seng, li ning, alice springs, uncle ben, aunt bessie, captain morgan, st james, don quixote, don julio, don pablo, air jordan, caesar salad, general tso, georgia pacific",
    )
});
/// What follows "Mr" and is a brand.
pub(super) static BRANDS_AFTER_TITLE: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "coffee, clean, bean, potato, muscle, kipling, men, right, wash, pepper, martens, dre, oetker, \
    kettle, price, black's, customer, manager, robot, dyno, whippy, porky, heater, squeegee, freeze, \
    brecher, jart, scholl, beckmann, hauschka, meyer's, doolittle, who, strange, bronner's, mini, pac",
    )
});
/// Places of Hong Kong, Singapore and China whose syllables are those of names.
pub(super) static PLACES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "hong kong, sha tin, mong kok, wan chai, tai po, yuen long, tin shui, tsuen wan, ang mo, kai tak, \
    tung chung, tai koo, ho chi, tsim sha, kwun tong, wong tai, lam tin, sai kung, po lam, hang hau, \
    lok fu, sham shui, lai chi, mei foo, tuen mun, ma on, fo tan, sheung wan, tin hau, chai wan, \
    sai wan, kwai chung, kwai fong, tsing yi, yau ma, yau tong, hung hom, to kwa, ho man, lai king, \
    tai wai, che kung, nam cheong, long ping, siu hong, fan ling, lo wu, lok ma, diamond hill, \
    choi hung, ngau tau, tai hang, chau tau, shek kip, nan jing, xi an, chow tai, luk fook, tai hing, \
    sing tao, ming pao, lee kum, din tai, hai di, tai o, pak choi, chow chow, tai tai, chang an, \
    shang hai, bei jing, tai pei",
    )
});
/// Words before a name that say so; anything after them is believed.
pub(super) static INTRODUCTIONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "my name is, my name's, my names, name is, full name, the name of, name of, called, named, \
    recipient, attn, for the attention of, c/o, signed for by, signed by, signed, the name, \
    husband's name, wife's name, cardholder, card holder, account holder, consignee, contact name, \
    customer name, first name, last name, surname, name, receiver, sender, beneficiary, payee, \
    passenger, contact person, contact",
    )
});
/// Roles, relations and verbs before a name.
pub(super) static ROLES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "wife, husband, son, daughter, brother, sister, mother, father, mum, mom, dad, partner, friend, \
    colleague, boss, assistant, agent, rep, representative, manager, supervisor, driver, technician, \
    operator, advisor, adviser, consultant, courier, neighbour, neighbor, landlord, roommate, flatmate, \
    accountant, bookkeeper, secretary, cousin, uncle, aunt, nephew, niece, fiance, fiancee, girlfriend, \
    boyfriend, tenant, plumber, engineer, receptionist, coworker, co-worker, guy, lady, nan, gran, \
    grandma, grandpa, teammate, intern",
    )
});
/// Verbs and prepositions before a name: a name of the lists is believed after them.
pub(super) static LINKS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "with, to, ask, asked, contact, tell, told, from, by, for, cc, is, remove, add, and, but, called, \
    email, meet, met, remind, by, named, call, see, because, said, says, when, that",
    )
});
/// Parts of surnames in small letters.
pub(super) static PARTICLES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    split(
        "de, van, von, der, den, di, da, bin, binti, al, el, la, du, dos, del, ten, ter, le, mac, ní, nic, ó",
    )
});
