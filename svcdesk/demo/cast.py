"""The people of the demo: who works in Tower A, and who lives or rents there."""

from __future__ import annotations

from typing import NamedTuple

from svcdesk.git import Identity

ADMIN = "gao.yuan"


class Person(NamedTuple):
    """A member of staff; the code is also the first part of the e-mail address."""

    code: str
    name: str
    post: str
    department: str

    @property
    def identity(self) -> Identity:
        """Who git takes the person for."""
        return Identity(self.name, f"{self.code}@tower-a.example")


class Customer(NamedTuple):
    """An owner, tenant or company and the unit that is theirs."""

    name: str
    kind: str
    unit: str
    person_in_charge: str = ""


FOUNDER = Person(ADMIN, "Gao Yuan 高原", "desk-admin", "administration")

STAFF = (
    Person("zheng.guodong", "Zheng Guodong 郑国栋", "general-manager", "administration"),
    Person("peng.lihua", "Peng Lihua 彭丽华", "property-manager", "administration"),
    Person("tang.wen", "Tang Wen 唐雯", "human-resources", "administration"),
    Person("mo.jianping", "Mo Jianping 莫建平", "cs-manager", "customer-service"),
    Person("sun.yan", "Sun Yan 孙燕", "cs-supervisor", "customer-service"),
    Person("lin.xiaoyu", "Lin Xiaoyu 林晓雨", "cs-lead", "customer-service"),
    Person("chen.jing", "Chen Jing 陈静", "cs-assistant", "customer-service"),
    Person("cui.min", "Cui Min 崔敏", "cs-assistant", "customer-service"),
    Person("fang.lei", "Fang Lei 方蕾", "cs-assistant", "customer-service"),
    Person("qiu.shan", "Qiu Shan 邱珊", "cs-assistant", "customer-service"),
    Person("an.zhiyuan", "An Zhiyuan 安志远", "area-manager", "customer-service"),
    Person("wu.hao", "Wu Hao 吴昊", "area-manager", "customer-service"),
    Person("cheng.yi", "Cheng Yi 程怡", "complaint-specialist", "customer-service"),
    Person("luo.qing", "Luo Qing 罗青", "complaint-specialist", "customer-service"),
    Person("shi.dawei", "Shi Dawei 石大伟", "duty-station-master", "customer-service"),
    Person("he.weimin", "He Weimin 何为民", "department-head", "engineering"),
    Person("li.qiang", "Li Qiang 李强", "engineering-staff", "engineering"),
    Person("zhao.gang", "Zhao Gang 赵刚", "engineering-staff", "engineering"),
    Person("qian.bo", "Qian Bo 钱波", "engineering-staff", "engineering"),
    Person("zhou.tao", "Zhou Tao 周涛", "engineering-staff", "engineering"),
    Person("xu.kai", "Xu Kai 徐凯", "engineering-staff", "engineering"),
    Person("shen.jun", "Shen Jun 沈军", "security-manager", "security"),
    Person("gao.feng", "Gao Feng 高峰", "security-guard", "security"),
    Person("ma.chao", "Ma Chao 马超", "security-guard", "security"),
    Person("huang.bin", "Huang Bin 黄斌", "security-guard", "security"),
    Person("deng.peng", "Deng Peng 邓鹏", "control-room-watch", "security"),
    Person("xie.rui", "Xie Rui 谢锐", "control-room-watch", "security"),
    Person("song.mei", "Song Mei 宋梅", "department-head", "leasing"),
    Person("lu.jiayi", "Lu Jiayi 陆佳怡", "leasing-staff", "leasing"),
    Person("jiang.nan", "Jiang Nan 江楠", "leasing-staff", "leasing"),
    Person("hu.rong", "Hu Rong 胡蓉", "department-head", "reception"),
    Person("ren.jia", "Ren Jia 任佳", "receptionist", "reception"),
    Person("yu.tong", "Yu Tong 于彤", "receptionist", "reception"),
    Person("cao.fang", "Cao Fang 曹芳", "cleaning-lead", "cleaning"),
    Person("wei.hong", "Wei Hong 魏红", "cleaner", "cleaning"),
    Person("pan.xiu", "Pan Xiu 潘秀", "cleaner", "cleaning"),
    Person("tian.li", "Tian Li 田莉", "cleaner", "cleaning"),
    Person("ji.peng", "Ji Peng 纪鹏", "duty-person", "customer-service"),
    Person("nie.yun", "Nie Yun 聂云", "duty-person", "customer-service"),
)

LATER = Person("ye.fan", "Ye Fan 叶帆", "cs-assistant", "customer-service")
"""The one who joins while the demo runs, in the place of somebody who leaves."""

EVERYBODY = {each.code: each for each in (FOUNDER, *STAFF, LATER)}

CLERKS = ("chen.jing", "cui.min", "fang.lei", "qiu.shan", "ye.fan")
ENGINEERS = ("li.qiang", "zhao.gang", "qian.bo", "zhou.tao", "xu.kai")
AGENTS = ("lu.jiayi", "jiang.nan")
GUARDS = ("gao.feng", "ma.chao", "huang.bin")
CLEANERS = ("wei.hong", "pan.xiu", "tian.li")
WATCH = ("an.zhiyuan", "ji.peng", "sun.yan", "wu.hao", "nie.yun", "lin.xiaoyu", "shi.dawei")
"""Who stands duty in turn, a shift each."""
HEADS = {
    "customer-service": "mo.jianping",
    "engineering": "he.weimin",
    "security": "shen.jun",
    "leasing": "song.mei",
    "reception": "hu.rong",
    "cleaning": "mo.jianping",
    "administration": "peng.lihua",
}

CUSTOMERS = (
    Customer("Orchid Trading 兰花贸易有限公司", "company", "0301", "Ms Ou 欧女士"),
    Customer("Mr Bai 白先生", "owner", "0302"),
    Customer("Harbour Design 海港设计工作室", "company", "0303", "Mr Pei 裴先生"),
    Customer("Mrs Ding 丁太太", "owner", "0304"),
    Customer("Ms Kong 孔女士", "tenant", "0401"),
    Customer("Mr Feng 冯先生", "owner", "0402"),
    Customer("North Star Logistics 北辰物流", "company", "0403", "Mr Jin 金先生"),
    Customer("Ms Yao 姚女士", "tenant", "0501"),
    Customer("Mr Shao 邵先生", "owner", "0502"),
    Customer("Ms Wan 万女士", "owner", "0503"),
    Customer("Blue Kite Software 蓝鸢软件", "company", "0601", "Ms Lei 雷女士"),
    Customer("Mr Gong 龚先生", "tenant", "0602"),
    Customer("Mrs Dai 戴太太", "owner", "0603"),
    Customer("Mr Xia 夏先生", "owner", "0701"),
    Customer("Ms Zhong 钟女士", "tenant", "0702"),
    Customer("Green Valley Tea 绿谷茶业", "company", "0703", "Mr Tan 谭先生"),
    Customer("Mr Liao 廖先生", "owner", "0801"),
    Customer("Ms Zou 邹女士", "owner", "0802"),
    Customer("Mr Xiong 熊先生", "tenant", "0803"),
    Customer("Ms Meng 孟女士", "owner", "0901"),
    Customer("East Gate Law 东门律师事务所", "company", "0902", "Ms Qin 秦女士"),
    Customer("Mr Hou 侯先生", "owner", "1001"),
    Customer("Ms Bian 卞女士", "tenant", "1002"),
    Customer("Mr Duan 段先生", "owner", "1101"),
    Customer("Ms Lai 赖女士", "owner", "1201"),
)
