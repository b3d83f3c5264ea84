"""Words that tell a given name from a family name: evidence for the order of an author line, nothing more.

A name in none of these lists is no worse a name. Where a word is both (Martin, Thomas, Lin), it is in the list of
what it is more often, or in neither.
"""

from __future__ import annotations

from typing import Final


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


GIVEN_NAMES: Final[frozenset[str]] = words("""
robert michael david john peter william james richard daniel maria thomas paul charles mark stephen andrew
christopher george edward joseph matthew elizabeth anna jennifer steven laura christine ana susan gregory
andrea brian douglas mohammad mary josé carlos marco alexander jonathan jason kenneth hiroshi christian jan
sara adam christoph gary frank stefano benjamin eric jeffrey barbara takashi julia philip phillip patrick
maría timothy anthony ronald michelle mohammed nancy jessica anne miguel muhammad mehdi karen marc ellen
paola stephanie juan amy erin alan henry francisco lisa paolo lawrence karl sarah catherine francesco
giuseppe patricia marie ricardo jorge donald alessandro joel carl vincent tom stefan elena roberto gerald
chris leo erik melissa walter monica francesca linda johannes harold silvia jean luis andreas zahra lauren
marcel alessandra ian sandra nicole rebecca petr nicholas sharon bruce roberta ioannis dimitrios ulrich koji
giovanni ann jane florian sean bernhard harry katherine olivier kevin michel sebastian tim megan jack emily
mohamed deborah theodore nicolas hans samuel marina pedro rafael eva wayne louis arthur makoto carolina
julie elisabeth michele mario christina earl antonio igor jenny lucas rachel judith norman jerry bruno
davide christos konstantinos jamie amit diego joan dan neil heather brent vladimir roger sue gustavo marta
aaron denise tatiana frederick mariana irene victor marek enrico justin gabriel isabel fernando jacob angela
alex carmen claudia eugene larry jesús paula elisa robin glenn naomi craig cynthia carole nina alexandra
jens takayuki janet ryo masashi sergio omar adriana maryam naoto alain marcos carla manuel herbert sidney
diana frédéric carol kimberly hugh charlotte katie raymond lorenzo daniele joshua ingrid laurent samantha
cecilia jose ben dieter rita guilherme kathryn nigel hannah karsten yutaka bryan jon emma dennis giulia
sophie abhishek nicola tobias barry victoria jay felix shannon teresa alessio alejandro martina dean debra
lina koichi johan maurizio antonella cristina wolfgang dominik adrian jiří matthias oliver gert caitlin
kohei flavio claudio nikolaos rajesh fred kate margaret natalia corey colleen masaya tanja louise brenda
carlo fausto vincenzo emmanuel toshiaki cristian camilla mustafa elise vicente federica hideo hossein alfred
guillaume dimitri danielle susanne edwin grace andy stéphane basil alison sabrina giovanna eduardo gunnar
norma jill janice rolf takanori yuji mikael shinya andrey ralph mathieu dylan fatemeh akinori helen kurt
colin ron ivan derek khaled evangelia matteo claire mikhail athanasios evangelos manoj marcelo lars kenichi
mike michal juliette melanie urs mathew masafumi kentaro jürgen galina gerd christiane fatima jeremy jacques
erica luc pavel fabio edgar satoshi natalie anders keith simona luigi giorgio evan guy pablo kirsten hanna
takahiro eileen kathy liv ketil grethe jevin bree heidi kristin kenny darrel francois françois jean-claude
jean-paul jean-pierre claude josiah sandrine andré carolyn caroline grazia alois eddy yves phyllis peggy
rama konrad stefania rossana donato pier cláudia cláudio ciro luca giancarlo merete nikos michail niki
dipender dagfinn phalguni srishti yasuyoshi naoki yoshinori shinji shunji akio shuji takuma tamotsu hidenori
yuki kazuya hideyuki takeshi katsuhiko kenji masami tsutomu misao mikiko hiroyuki yoichi kazuo kazutaka
takahiko toshio yoshio masaki masayuki kunio osamu tetsuya tomoko yoko yuko keiko kyoko akiko noriko hiroko
naoko sachiko mariko junko kumiko michiko reiko yumi mayumi emi ayumi megumi daisuke shunsuke keisuke
ryosuke yusuke kosuke taro ichiro jiro saburo hiroki hiroaki tomohiro yasuhiro kazuhiro masahiro mitsuhiro
nobuhiro toshihiro yoshihiro akihiro atsushi hitoshi kiyoshi tadashi tsuyoshi yasushi katsumi minoru noboru
shigeru susumu isamu wataru tsubasa ren haruki daiki naoya tatsuya takuya kazuki yuta shota kenta ryota sota
alberto alfonso alfredo alonso álvaro amparo ángel antoine antónio armando arturo augusto beatriz bernardo
camilo catarina césar dario domingo elias emilio enrique ernesto esteban eugenio fátima felipe filipe
francisca gerardo germán gilberto gonzalo graciela guadalupe guillermo héctor henrique hernán hugo ignacio
inês irma ismael iván jaime javier jerónimo joana joão joaquim joaquín josefina juana julián julio leandro
leonardo leonor leticia lucía luísa luiz manuela marcela margarida mariano martín mateo mauricio mercedes
mónica natália nélson nuno octavio olga óscar patrícia paulo pilar rafaela ramón raquel raúl renata renato
rocío rodolfo rodrigo rogelio rosa rosario rubén rui salvador salvatore saúl sofía sónia soledad susana
tânia tiago tomás valeria vanessa vera verónica víctor vinícius xavier yolanda wendy adele agnes alessia
alice allan allen alexandre aleksandr aleksandra alexei alexey amanda amelia anastasia anatoly andre andrei
andrzej angelo angus anita anja anke annika annette annie antje anton arnaud arne arnold ashley astrid
audrey august axel beate beatrice bernadette bernard bernd bertrand beth betty bill birgit björn bob bogdan
boris brad bradley brandon brett bridget brigitte britta camille candace carina carsten cécile cedric céline
chad charlie chiara christa christophe cindy clara clarence claus clément clive connie conrad constantin
corinna corinne cornelia cory courtney curtis dagmar dale damien daniela danny daphne darren dave dawn
debbie desmond detlef dmitri dmitry dominic dominique don donna dorothy doug duane dwight edmund eduard
edouard édouard ed edith eliane elaine eleanor eleni elisabetta eliza ella elsa emanuele emil émilie emilie
emmanuelle enzo erika ernest ernst erwin esther étienne eugenia evelyn fabian fabien fabienne fabrice
fabrizio federico ferdinand fiona florence florent franz francis françoise franco frances franck fredrik
friedrich fritz gabriele gabriella gail gavin gaël geoff geoffrey georg georges georgia gerard gérard
gerhard ghislain gianluca gianni gilbert gilles gina giulio gloria gordon graeme graham grant greta gretchen
grzegorz guido günter günther gwen hannes hannu harald hartmut heiko heiner heinrich heinz helena helene
hélène helga helmut hendrik henri henrik herman hermann hervé hilary holger holly horst howard hubert huw
ilaria ilona ilse ilya ines inga inge irina iris irving isaac isabella isabelle ivana ivo jaap jackie
jacqueline jake jakob jakub jana janine janusz jared jaroslav jasmine jasper jeff jelena jen jerome jérôme
jesper jesse jim joachim joanna joanne jocelyn jochen joe joerg johann johanna jonas jordi joris jos josef
josep josephine josh jörg joy joyce juergen juha julian julien juliana julius june jutta kai kaisa kaori
kara kari karin karina karla kasper katharina kathleen kathrin katja katrin katrina kay kerry kerstin kirsty
kjell klara klaudia knut kristen kristian kristina kristine krzysztof kyle laszlo lászló laila lara larisa
laurence laurie lea leah leif lena lennart leonard leonie leonid leslie lewis lidia liliana lily lindsay
lionel liz lluís loïc lorna lothar lou lucia luciano lucie lucy ludovic ludwig lukas luke lydia lynne
maarten mads magali magdalena magnus malcolm manfred manon mara marcella marcin marcus margherita margit
marguerite marianna marianne mariella marilyn mariya marion marjorie markus marlene marsha martha marti
martine mats matt matti maud maureen maurice mauro max maxime maximilian maya meghan melinda melvin mette
micah michaela mikko milan mina mirjam miroslav mohan moira molly monika monique morgan morten muriel myriam
nadia nadine nadja naima natacha natasha nathalie nathan nathaniel neal ned nick nickolas niels nikita
nikola nikolai nils noah noam nora norbert oleg olaf ole oleksandr olav ondřej orla oscar oskar otto owen
pascal pascale pat patrik patrizia pauline pekka penelope per petra philipp philippe pia pierre pietro piotr
priscilla rachael radek raffaele raffaella rainer ralf ramona randall randy raoul raphael raphaël ray regina
reiner reinhard renate rené renee rhonda ricarda rick riccardo rob robbie robyn rod roderick rodney roland
roman romain rosalind rosanna rose rosemary ross roxana roy rudolf rupert russell ruth ryan sabine sally sam
sami samir sander santiago sascha saskia scott sébastien selma serge sergei sergey seth shane shaun shawn
sheila shelley sherry shirley sigrid simon simone siegfried silke silvana silvio solveig sonia sonja sophia
spencer stacy stan stanislav stanley stefanie steffen stella sten stéphanie steve stuart svetlana sven
sylvain sylvia sylvie tamara tania tara tatjana tatyana ted terence terri terry thérèse theresa thierry
thorsten tiffany tina tine todd tomas tomasz tommaso tommy toni tony torben torsten tracey tracy travis
trevor tricia troy trudy tyler ursula ute uwe václav valentin valentina valérie valerie vasilis vasily
veronica véronique vicki vicky viktor vincenza viola violeta virginia virginie vito vittorio volker wanda
warwick werner wilfried wilhelm willem willy wim winfried wojciech yann yannick yvan yvette yvonne zachary
zbigniew zoe zoltán zuzana abdul abdullah abdulrahman abbas ahmad ahmed alaa ali alireza amin amina amir
anas anil anjali ankit anuj anup arash aravind arjun arun aruna arvind ashish ashok ashwin asif asma atul
ayman ayşe aziz babak bashir behzad bilal chandan deepa deepak deepika devendra dinesh ehsan elif emre eman
esra farhad farid farzaneh fatma fatih fawad fayez ganesh gaurav girish gopal hadi hamed hamid hamza hari
harish hasan hassan hesham hiba hina hussein ibrahim imran iman irfan ismail jamal jyoti kamal kambiz karim
kavita kiran kishore krishna lalit lakshmi layla leila madhu mahdi mahesh mahmoud mahmood majid manish
mansoor masoud meena mehmet milad mitra mohit mohsen mona mukesh murali murat nabil nadeem nader naeem
narendra naresh nasir nasser naveed neha nikhil nilesh nitin noor nour osama parisa parvin pooja prakash
pradeep pramod pranav prashant praveen preeti priya priyanka rahul raj raja rajan rajendra rajeev rajiv
rakesh ramesh rana rania rashid ravi reza riaz rohit sachin saeed said saleh salman samina sandeep sanjay
sanjeev santosh sarita satish saurabh seema sergül shabnam shahid shalini shankar sharad shashi shilpa
shreya shweta siddharth sneha srikanth srinivas subhash sudhir sumit sunil sunita suresh swati tahir tariq
usha usman varun vijay vikas vikram vinay vineet vinod vishal vivek waleed waqas yasmin yasser youssef yusuf
zafar zainab zeynep zohreh giang huong linh minh ngoc phuong quang thao thi thu trang tuan eliahu hagit
alona moriah raanan gur sol miri uri yossi avi dov ehud eitan eli eyal gadi gideon gil hadar ilan itai
itzhak moshe nir noa ofer ofir ohad orit oren ori ran ronen shai shimon shlomo tal tali tamar uriel yaakov
yael yair yehuda yoav yonatan zeev zvi
""")

FAMILY_NAMES: Final[frozenset[str]] = words("""
smith johnson brown jones miller taylor singh kumar sharma khan silva shah williams anderson roberts gupta
rogers davis katz tanaka white walker cooper watanabe patel santos klein bauer clark kennedy nelson lewis
peterson fu hill wagner robinson ghosh fox hall wallace goldstein epstein schultz kato cohen fisher
kobayashi wolf shaw thompson armstrong hansen levine goodman murphy reynolds barth hicks mueller müller
logan pinto ogawa shimizu brenner davies kimura weiss jackson brooks takahashi olsen cook perry rosen
ferreira andrade das adams price schneider gross barnes hughes moore robertson levy ikeda evans dubin wilson
oliveira kaplan schmidt schwartz cox davidson walsh ono goldberg burns goyal hoffmann nolan fernandez
skinner suzuki pollock hashimoto green abe marshall verma morita rodriguez wood bailey costa castro moreno
carr prasad srinivasan kramer ito rao goldman yadav srivastava kita ruiz weber wright collins kaur greenberg
inoue stone meyers petersen griffin berger chatterjee berman reed solomon larson mitchell ricci feldman
shapiro hopkins field mukherjee phillips yoshida levin yamada ishii richards okada rosenthal stern albers
matsumoto turner olson grover waller grossman takeuchi sugiyama nakanishi kojima ellis kraus kaiser boyd
medina hussain martínez steele mandel fujimoto teixeira andersen souza yamashita munro drake hayes edwards
schroeder kohler mills yamamoto lima rodríguez romano andersson sanders jansen gruber hamilton muñoz ferrari
watson wilder kulkarni matsuda ishikawa fujita hunt hoffman chapman soares chaturvedi egan mayer nascimento
devine morrison burton garcia garcía hakim silver gilman rahman chowdhury navarro pierce cochran diaz gibson
cramer kessler pedersen daniels cruz díaz mackenzie barnett campbell joshi kaneko agrawal hurley lund
gonzalez gonzález duncan koike mcdonald fernandes nishimura warner griffiths ramos serrano rosenberg gardner
nilsson salinas hernández lópez sánchez pérez gómez fernández álvarez jiménez ruíz gutiérrez domínguez
vázquez vasquez torres ortiz ortega delgado molina suárez blanco romero alonso gil sanz iglesias núñez
garrido cortés castillo guerrero lozano cano prieto méndez calvo gallego vidal león herrera márquez peña
flores cabrera campos vega fuentes carrasco aguilar pascual reyes vargas rojas mendoza chávez contreras soto
salazar espinoza espinosa guzmán miranda quintero lobos neto júnior filho pereira almeida ribeiro carvalho
gomes martins araújo barbosa rocha dias monteiro mendes nunes marques freitas cardoso correia vieira lopes
sousa moreira gonçalves machado melo cunha azevedo pinheiro tavares figueiredo rossi russo esposito bianchi
colombo bruno marino greco gallo conti mancini giordano rizzo lombardi barbieri moretti fontana mariani
rinaldi caruso ferrara galli martini leone longo gentile martinelli serra conte vitale dubois durand leroy
moreau lefebvre fournier girard bonnet dupont lambert fontaine rousseau faure mercier blanc guérin boyer
garnier chevalier legrand gauthier perrin morin roussel lemaire dufour leclerc renard giraud bertrand
vasseur fischer becker schulz koch richter schäfer schröder neumann schwarz zimmermann braun krüger hofmann
hartmann lange schmitt schmitz krause meier lehmann schmid schulze maier köhler herrmann könig walter huber
fuchs vogel winkler lorenz baumann schuster kuhn jung hahn keller frank jäger vogt stein winter sommer
seidel haas graf brandt dietrich ziegler kühn pohl engel horn busch bergmann voigt sauer pfeiffer arnold
nielsen jensen christensen larsen sørensen rasmussen jørgensen madsen kristensen møller thomsen poulsen
johansen knudsen mortensen olsson persson svensson gustafsson pettersson jonsson lindberg lindström lundberg
berglund sandberg henriksson haugen hagen bakken berge dahl johnsen karlsen korhonen virtanen mäkinen
nieminen bakker visser smit meijer mulder bos vos peters hendriks dekker brouwer dijkstra vermeulen willems
peeters maes nowak kowalski wiśniewski wójcik kamiński lewandowski zieliński novák svoboda novotný dvořák
horvat kovač kovács nagy szabó tóth varga molnár popescu ionescu popa ivanov petrov sidorov smirnov
kuznetsov popov volkov morozov ivanova petrova papadopoulos georgiou nikolaou yilmaz kaya demir çelik şahin
yıldız aydin öztürk arslan doğan kılıç levi mizrahi peretz biton friedman sato nakamura sasaki yamaguchi
saito sakamoto endo aoki fujii nakajima fukuda hasegawa okamoto ishida ueda maeda harada miyazaki sakai
yokoyama imai takagi ando miyamoto otsuka taniguchi ueno sugawara takada nakano hara kudo murakami noguchi
matsui kikuchi nomura arai iwasaki kinoshita sakurai shibata hirano kubo minami nagai sugimoto fujiwara ohta
iida ohno tamura tsuchiya mori kondo hirata hamada nakagawa oda goto uchida ota ohki takeda niida shinkai
ida kawai tani baba hirai iwamoto masuda yano nagata tsuji asano ahmadi hosseini mohammadi rezaei karimi
rahimi moradi jafari hashemi ghasemi sadeghi asadi akbari desai iyer nair menon pillai reddy naidu banerjee
bose sen roy dutta chakraborty mishra pandey tiwari trivedi mehta chopra kapoor malhotra bhatt jain agarwal
aggarwal bhattacharya mahajan saxena thakur chauhan rathore o'brien o'connor o'neill o'reilly o'sullivan
ryan byrne doyle mccarthy gallagher doherty quinn lynch king scott baker carter parker stewart morris bell
richardson howard ward gray ramsey watkins foster ross henderson coleman jenkins powell long patterson
butler simmons bryant alexander russell hart warren dunn palmer holmes wells webb simpson stevens tucker
porter hunter crawford mason dixon rice burke hawkins hudson spencer payne berry willis carpenter lawson
fields greene weaver franklin harper bishop fowler harrison
""")

# Chinese family names in Pinyin, Wade-Giles and Hong Kong spelling: the commonest twenty, the common, the rest.
CHINESE_TOP: Final[frozenset[str]] = words(
    "wang li zhang liu chen yang huang zhao wu zhou xu zhu ma guo zheng lin he sun luo song"
)
CHINESE_COMMON: Final[frozenset[str]] = words("""
liang xie han tang feng yu dong xiao cheng cao yuan deng shen zeng peng su lu jiang cai jia ding wei xue ye
yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin
gu hou shao meng long wan duan qian yin yi chang qiao lai gong lü lyu lv hu gao hsu tsai lee wong chan
cheung leung ng lam lau ho kwok tsang chiu
""")
CHINESE_RARE: Final[frozenset[str]] = words("""
an ao bao bei bi bian bo bu cen chai che chi chu cong dang di diao dou e fei fu gan ge geng gou guan gui
guang hang hua huai huan hui huo ji jian jiao jing ju juan kou kuang lan lang lao lei leng lian ling lou lun
mei mi miao min ming mo mou mu na ni nie ning niu nong ou pang pei pi ping pu qi qiang qu quan rao rong ru
ruan sang sha shan shang she sheng shu shuai shui si sima ouyang shangguan zhuge tai tao teng tie tong tu
wen weng xi xiang xin xing xuan xun yue yun zang zha zhai zhan zhi zhuang zhuo zi zong zu zuo nan ban chao
chung chuang chou chow hsieh hsiao hsiung kuo lo liao tseng tsao tsui yeh yeung yip yu yuen yung tam siu
szeto fung kwan mak poon to tso wan kwong lui lok hon kan kei lai mok ngai wai yau yick chien chiang chin
chiou hsueh hwang jen jou kao koo kung liou lue pai shih shiau sheu shyu tsay tsou tung tzeng wey yen
""")
CHINESE_GIVEN: Final[frozenset[str]] = words("""
jing jun min jie ming ping ying xin bin gang qiang na rui hui hong yong lei chao tao hua bo yun fei ting
juan yi yan jian kai ning dan rong qing xiang xing lan mei xiaohui lili yue xuan zhen zhi zhe shan shuang
liming xiaoming guang sheng shuo yang
""")
KOREAN: Final[frozenset[str]] = words("""
kim lee park choi jung chung kang cho yoon jang lim han oh seo shin kwon hwang ahn song yoo hong jeon jeong
ko moon son bae baek heo nam noh ha joo woo koo sung cha byun rhee yun yim ryu min ryoo cheon chae kwak paik
pyo
""")
KOREAN_SYLLABLES: Final[frozenset[str]] = words("""
joo heon hyun hyung seung sung young jin ji jae joon jun hee hye hyo kyung kyu min mi myung sang seok soo su
sun tae woo won yong yun eun in dong do chang chul cheol byung bum bo ah ae gyu ho hoon hwa hwan il ja jeong
jong jung ki kwang kun nam rae ran sik so suk suh wan yeon yeong ye yoon yu
""")
VIETNAMESE: Final[frozenset[str]] = words("""
nguyen tran le pham hoang huynh phan vu vo dang bui do ngo duong dinh trinh doan mai truong nguyễn trần lê
phạm
""")

# How names begin and end, counted over the author lists of published works: words of three letters and more.
# From surely given (-2) to surely family (2); 0 takes back what a shorter ending says.
ENDINGS: Final[dict[str, float]] = {
    part: weight
    for weight, parts in (
        (
            -2.0,
            (
                "anne ao dia dra een ei ela elle ene ep esh fa fan hiro hui iana ica ichi ika iko ios isa jian "
                "jie jing lia min ming ng nny nori oshi oung ping qi qing rina rine ru sha shan tha ua uan uke un "
                "wen xia xin yi ying yu"
            ),
        ),
        (
            -1.0,
            (
                "ae ah av ba bin bo ca dan ean eet ef em ent eo eon eta eth ette g ha hai han hen ho hu hun ia "
                "ian iano iao ice id ie ien if ike iki il ila ing io ip ir iro ise it ita ith ito j ja jan ji kai "
                "kan ko lin lle mad mar my na nce nda ndo ndy ne nu oon ora rdo rin ris rry rto sa sh shi sten "
                "tor ue ui uki ul ula umi ung uo van vi vin wan ya yan yn yo"
            ),
        ),
        (
            0.0,
            (
                "ag ak ald anda ar ard as ash ashi ati att aw awan aya az cha don dson eer ek ert ew ick ik ill "
                "ille ino is ish ison iz les ling lson mon mond nder nes ning non nti nton nz ok old or os ott "
                "que rey rian rio ron sey than ther uk ur us ys"
            ),
        ),
        (
            1.0,
            (
                "adeh adi aga akis ala ama ari ath ato baum be ber bi ble ci cki dal dar den der dge din dis ead "
                "eau eb eira ern ero ese ey fe feld fer ford gel gg gh ghi hara heim her hima hn ht ich ier ig "
                "iner k kel ken kins kos land ld lis ll llo los lt man mel mer nde nek nen ni nick nik nko nn no "
                "nsen nto od om on ond one ose ot oto ou per pp r ras rd rdi rer rov rt rth s sel ser si ska so "
                "ssen st tas tel ter ti tini tler tt tto uchi uer um ura v va ver vic w wa we x z zi öm"
            ),
        ),
        (
            2.0,
            (
                "ack ado au aum awa ch cher cu cz deh dou dt eck eim ein eld eman enko er etti ff gs hart hl ini "
                "ink ins ist kin kis ky lli lman mann moto nson oh ord otti ov ova ow rg rs sen ski sman ss sson "
                "tani tman ts tz ux yama zzi á ć"
            ),
        ),
    )
    for part in words(parts)
}
BEGINNINGS: Final[dict[str, float]] = {
    part: weight
    for weight, parts in (
        (
            -2.0,
            (
                "ann chu eu gua guo hai hid hon hua hui hy ji joa jun kei qi rui shu tia tos wen xi xu yan yi yon "
                "yu zh"
            ),
        ),
        (
            -1.0,
            (
                "ab af ah ai aki ale ali am an ari ash at ay bin cat che chr cl dan dar deb dh dom don dor ed el "
                "em er ev fab fan gab ger gu han hir il ir iv jac je jo ju kai kat kaz ken kri ky leo li lon lor "
                "luc mad mas mic mik min mir nar nat nik nor pen ph pra qia rai raj ran ron sab sad sam sat sh "
                "sou su sy tal the ti tom tsu vin viv wan wei ya yo zo"
            ),
        ),
        (
            0.0,
            (
                "ame and ang bad bai ban bas ben bla bol bon bre bri cam can car cle con cor cri dur ell fil gha "
                "gon gra gun hel hen her jen jon jor kon kor kou kun lar las lau lin moh mon mos pan par pat pau "
                "pie pin pon sho spa sta ste sur swa vol"
            ),
        ),
        (
            1.0,
            (
                "alb ba be bl bo br bur ca cho ci co cr cu dem des dr du eng fi fri fu gal gam gh gil gl go gr "
                "hal ham hat he hol kam kas kit kl ko kru ku la lev mac mak mal mcg mes mis mo mus nak nis or pa "
                "pel per pi pla po pre red sak sin sm sol sp st sw sz tra tur var vel ver vil vo wal war wat wel "
                "wes wh wo yam za"
            ),
        ),
        (
            2.0,
            "bou bu cap cro fo gol gro hor kin kn kra kre mc oh ok pap pl pro sc sk sl sto str un woo",
        ),
    )
    for part in words(parts)
}
