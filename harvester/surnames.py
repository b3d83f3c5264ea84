"""Chinese family names: those of two characters, those read otherwise than in speech, other spellings.

The tables of readings are in simplified characters; traditional ones are folded before they are looked up. Where a family name has two
living readings the commoner stands first.
"""

from __future__ import annotations

from typing import Final

from harvester.name_lists import words

COMPOUND: Final = words(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 夏侯 司徒 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 长孙 長孫 宇文 令狐 "
    "轩辕 軒轅 鲜于 鮮于 闾丘 閭丘 端木 独孤 獨孤 南宫 南宮 申屠 澹台 澹臺 呼延 万俟 萬俟 百里 东郭 東郭 太史 钟离 鍾離 鐘離 "
    "单于 單于 司空 司寇 赫连 赫連 濮阳 濮陽 淳于 公冶 公羊 宗政 仲孙 仲孫 太叔 亓官 颛孙 顓孫 拓跋 夹谷 谷梁 穀梁 "
    "段干 西门 西門 羊舌 微生 左丘 第五 贺兰 賀蘭 完颜 完顏 耶律 纳兰 納蘭 叶赫 葉赫 巫马 巫馬 漆雕 乐正 樂正 壤驷 壤駟 "
    "宰父 公良 公西 梁丘 东门 東門 呼衍 爱新觉罗"
)


def _readings(table: str) -> dict[str, tuple[str, ...]]:
    rows = (row.split(":") for row in table.split())
    return {name: tuple(readings.split(",")) for name, readings in rows}


READINGS: Final = _readings("""
单:shan,dan 解:xie 曾:zeng 仇:qiu 区:ou,qu 查:zha 朴:piao,pu 盖:ge,gai 任:ren 翟:zhai,di 覃:qin,tan 缪:miao,mou
种:chong,zhong 员:yun,yuan 乐:yue,le 冼:xian 洗:xian 那:na 逄:pang 尉:wei,yu 牟:mou,mu 宓:mi,fu 晁:chao 召:shao,zhao
薄:bo,bao 柏:bai,bo 祭:zhai,ji 黑:he,hei 秘:bi,mi 繁:po,fan 隗:wei,kui 郇:xun,huan 郗:xi,chi 撒:sa 相:xiang 车:che
厍:she 应:ying 折:she,zhe 重:chong 都:du 会:gui,hui 谌:chen,shen 佴:nai 葛:ge 贾:jia 石:shi 沈:shen 行:xing 莘:shen,xin
盛:sheng 臧:zang 藏:zang 褚:chu 颉:xie,jie 阚:kan 亓:qi 句:gou,ju 勾:gou 角:jue,jiao 适:kuo,shi 占:zhan 炅:gui 干:gan
和:he 遆:ti 么:yao 幺:yao 呙:guo 钭:tou 舍:she 省:xing,sheng 叶:ye 仝:tong 要:yao 逯:lu 蔚:yu,wei 费:fei,bi 强:qiang
綦:qi 訾:zi 眭:sui 芮:rui 粘:nian 华:hua 燕:yan 宁:ning 纪:ji 卜:bu 过:guo 哈:ha 长:chang 宿:su 於:yu 俞:yu 曲:qu 尹:yin
令狐:linghu 尉迟:yuchi 万俟:moqi 单于:chanyu 长孙:zhangsun 澹台:tantai 鲜于:xianyu 亓官:qiguan 呼延:huyan 钟离:zhongli
夏侯:xiahou 宇文:yuwen 皇甫:huangfu 濮阳:puyang 淳于:chunyu 颛孙:zhuansun 乐正:yuezheng 夹谷:jiagu 谷梁:guliang
宰父:zaifu 赫连:helian 独孤:dugu 拓跋:tuoba 叶赫:yehe 仲孙:zhongsun 申屠:shentu 闾丘:lvqiu 司徒:situ 上官:shangguan
""")

# What a character is read in given names, where dictionaries put another reading first.
IN_GIVEN_NAMES: Final = _readings("""
长:chang 長:chang 重:chong 晟:sheng 曾:zeng 峤:qiao 嶠:qiao 珩:heng 炅:jiong 莘:xin 隽:jun 雋:jun 泊:bo 呢:ni 伽:jia
赟:yun 贇:yun 頵:jun 薄:bo 乾:qian 率:shuai 盛:sheng 行:xing 都:du 传:chuan 傳:chuan 相:xiang 为:wei 為:wei 正:zheng
应:ying 應:ying 中:zhong 兴:xing 興:xing 量:liang 奇:qi 强:qiang 強:qiang 合:he 车:che 車:che 阿:a 谷:gu 尉:wei 会:hui
會:hui 令:ling 胜:sheng 勝:sheng 乘:cheng 单:dan 單:dan 降:jiang 系:xi 大:da 卜:bu 校:xiao 石:shi 和:he 缪:miao 勒:le 筠:yun 菀:wan
""")

# Hong Kong, Taiwan, Malay, Korean and other spellings: they say nothing against a family name, and not enough for it.
OTHER_SPELLINGS: Final = _readings("""
陈:chan,chin,tan,tran,chern,jin,ting,dan 黄:wong,hwang,ng,oei,wee,ooi,huynh,bong,vong,hoang
张:cheung,chang,teo,teoh,cheong,jang,tjong,truong 李:lee,lei,ly,rhee,yi,lie,dy 王:wong,ong,heng,vuong,uong
林:lam,lim,rim,im,ling 刘:lau,liew,low,lieu,law,liou,yoo,yu,ryu,you,luu,lao 吴:ng,goh,oh,woo,ngo,go,eng
郑:cheng,tay,teh,chung,cheang,jung,jeong,chong,the,tee,trinh 梁:leung,neo,leong,yang,ryang,nio,luong,niu
谢:tse,hsieh,cheah,chia,shieh,sia,tjia,ta 何:ho,hoe,hor,ha 邓:tang,teng,dang 叶:yip,yeh,yap,ip,diep,yeap
杨:yeung,young,yong,yeo,yeoh,duong,njoo 周:chow,chou,chau,jou,chew,chiu,joo,chu
徐:tsui,hsu,chui,chee,seo,suh,shyu,swee,tjhie,sheu 许:hui,hsu,koh,khoo,hoo,heo,hur,huh,sheu,shyu,shu,kho
蔡:tsai,choi,chua,choy,tsoi,toy,chai,chae,chwa,tjoa,tsay,thai
郭:kwok,kuo,quek,kok,koay,kwek,kwak,gwak,que,quach 罗:lo,law,lor,loh,ro,na,no,la
赵:chiu,chao,jao,teo,cho,jo,chew,trieu 潘:poon,phua,ban,phan
曾:tsang,tseng,chan,chang,chung,jeng,tzeng,chen,tang 廖:liu,leow,liew,lew,liaw 余:yee,yue,iu,eu,her,yu,oo
于:yue,yu,woo 吕:lui,lyu,loo,lu,yeo,leu,leui,la 冯:fung,foong,pang,phung,foo,hong 莫:mok,mak 麦:mak,mai
关:kwan,kuan,quan 卢:lo,low,loo,lou,noh,loh,ro 鲁:lo,noh,loo 苏:so,soh,soo,saw,sow
江:kong,chiang,kang,gang,kiang,kung,gong 蒋:chiang,tsiang,cheung,jang,cheong,chang,chieng
姜:chiang,keung,keong,kang,gang,kiang 彭:pang,phang,peh,pen 袁:yuen,won,wan,wen
孙:suen,soon,syun,son,shun,sng 马:ma,mah,mar,beh 朱:choo,chee,joo,ju,gee,tju 胡:wu,woo,oh,ho,hoo,foo,ow
高:ko,kao,go,goh,koh,kou 沈:shum,sim,shim,sum,sham,tham,shen 萧:siu,hsiao,sia,siew,shiu,siaw,shiau,so
邱:yau,chiu,khoo,hew,chiou,koo,kiu,yow,qiou,khu 丘:yau,hew,chiu,khoo 钟:chung,tsung,cheong,chong,jong,cheng
谭:tam,hom,tham,taam,dam,tan 温:wan,woon,won,oon,ban 丁:ting,teng,jung,jeong,deng,ding
方:fong,png,hong,bang,pang,pung,huang 石:shek,shih,sek,seok,sok,seng,suk 洪:hung,ang,hong
侯:hau,hou,how,hoe,ho,hu 施:sze,shih,si,see,sy,sih 汪:wong,wang,ong,uang
庄:chong,chuang,chng,jang,ching,tsong 戴:tai,tay,dae,tae,dye,toi,te 赖:lai,lye,loi 黎:lai,le,loy,lye,lay,lei
阮:yuen,nguyen,juan,won,un,goan 范:fan,pham,hoan,bum,pan,hwan 欧:au,ow,ao,aw 区:au,ow,ao,aw
简:kan,chien,gan,jian 甘:kam,kan,gam,kum 翁:yung,weng,ung,ong,ang,yong 倪:ngai,ni,geh,ngi,gae,ge
尹:wan,yoon,yun,youn,wen 任:yam,jen,yum,im,lim,yim,rim,jim,zen 陆:luk,look,lok,yuk,yook,lu,loke,liu
韩:hon,hahn,han,hang 曹:tso,tsao,cho,jo,tsau,chou,zo 唐:tong,tang,dang,teng,thong,dong
董:tung,dong,tong,tang,doong 魏:ngai,wey,wi,gui,wee,goei,ngui 严:yim,yen,giam,eom,um,yam,om
颜:ngan,yen,gan,ahn,an 程:ching,cheng,jung,jeong,thia,chen 秦:chun,chin,jin,ching,tsin
夏:ha,hsia,hah,hia,har 尤:yau,yu,yiu,yew,iu,woo 顾:koo,ku,ko,go,gu,goo 宋:sung,soong,song,shung
田:tin,tien,jeon,chun,chon 崔:choi,chui,tsui,choe,chwe 金:kim,gim,kam,chin,gum,kum,king
朴:park,pak,bak,paik,bark 郝:hao,kok,hak,hau 殷:yan,yin,eun,yen 毛:mo,mao,mow,mou 孔:hung,kung,kong,gong
白:pak,pai,baek,paik,baik,pe 柳:lau,yoo,yu,ryu,liu,lew 申:shin,sin,san 车:cha,che,ch 权:kwon,kuen,gwon
裴:bae,pei,pui,bai 文:man,moon,mun,boon,wen 全:chun,jeon,chuen,chon 吉:kat,gil,kil 玄:hyun 南:nam
安:on,ahn,an 俞:yu,yue,yoo 姚:yiu,yao,yeow,yew 邵:shiu,shao,siu,siew,sio,so,zau 傅:fu,foo,poh,po,pou
沙:sha,sa 龙:lung,loong 向:heung,hsiang 薛:sit,hsueh,sih,seol,sol,see,shiue 伍:ng,wu,um,goh 巫:mo,moo,boo,bu
易:yik,yi,yek 古:koo,ku,kou 康:hong,kang,kong 葛:kot,ko,kat,goh,kuo 岳:ngok,yueh,yok,ak 贺:ho,hor,hah
涂:to,tu,toh,twu 连:lin,lien,lim,ren,lian 凌:ling,leng,ning 尚:sheung,shang,seung 骆:lok,lo,low
祝:chuk,chu,chook 游:yau,yu,yew,yiu 詹:chim,chan,jim,tsan,cham 柯:or,ko,ke,kor,qua 辛:sun,hsin,san,shin
管:kwun,kuan,koon 屈:wat,chu,chui 甄:yan,chen,yun 霍:fok,huo,kwok 鲍:bao,pau,pow,pao 雷:lui,loui,lei,louie
成:sing,seng,sung,cheng,shing 司徒:szeto,seto,soohoo 欧阳:auyeung,auyang,auyong,ouyong,owyang
蓝:nam,lam,lan,lang 卓:cheuk,toh,cho,tok,dok 冼:sin,sinn 梅:mui,moy,boey,mei,moi 龚:kung,gong,keong
符:foo,fu,hoo 童:tung,tong,dong 岑:sum,shum,sam,chim,shim 司马:sima,szema 上官:sheungkun 诸葛:chukot
""")
