"""The posts of the regulations with their Chinese titles, ranks and superiors (annex c)."""

from __future__ import annotations

from typing import Any

POSTS: dict[str, tuple[str, int, str]] = {
    "group-top": ("集团高层", 110, ""),
    "general-manager": ("总经理", 100, ""),
    "gm-office": ("总经办", 98, "general-manager"),
    "deputy-general-manager": ("副总经理", 95, "general-manager"),
    "operations-director": ("运营总监", 92, "general-manager"),
    "subsidiary-head": ("子公司负责人", 90, "group-top"),
    "centre-director": ("客服中心总监", 88, "operations-director"),
    "marketing-head-office": ("集团市场营销部", 85, "general-manager"),
    "sales-head-office": ("销售总部", 85, "general-manager"),
    "supervision-group": ("服务质量监督小组", 85, "general-manager"),
    "administration": ("行政部", 80, "general-manager"),
    "centre-manager": ("客户管理中心经理", 80, "general-manager"),
    "concierge-manager": ("金钥匙部门经理", 80, "general-manager"),
    "cs-manager": ("客服部经理", 80, "general-manager"),
    "department-head": ("部门领导", 80, "general-manager"),
    "department-manager": ("部门经理", 80, "general-manager"),
    "finance": ("财务部", 80, "general-manager"),
    "human-resources": ("人力资源部", 80, "general-manager"),
    "office-head": ("办事处负责人", 80, "sales-head-office"),
    "property-manager": ("物业部经理", 80, "general-manager"),
    "security-manager": ("保安部经理", 80, "general-manager"),
    "administrative-assistant-manager": ("行政协理", 78, "centre-director"),
    "marketing-assistant-manager": ("营销协理", 78, "centre-director"),
    "station-master": ("站长", 78, "office-head"),
    "deputy-department-manager": ("部门副经理", 75, "department-manager concierge-manager"),
    "duty-station-master": ("值班站长", 72, "station-master"),
    "complaint-supervisor": ("投诉主管", 70, "department-manager"),
    "cs-supervisor": ("客服主管", 70, "cs-manager"),
    "info-supervisor": ("客户信息主管", 70, "cs-manager"),
    "relations-manager": ("客户关系经理", 70, "general-manager"),
    "research-supervisor": ("调研主管", 70, "department-manager"),
    "floor-director": ("襄理", 68, "marketing-assistant-manager administrative-assistant-manager"),
    "supervisor": ("主管", 65, "cs-manager"),
    "reserve-supervisor": ("储备主管", 62, "cs-supervisor"),
    "account-manager": ("客户经理", 60, "subsidiary-head"),
    "cs-lead": ("领班", 60, "cs-manager"),
    "cleaning-lead": ("保洁领班", 58, "cs-manager"),
    "team-leader": ("服务小组组长", 58, "department-manager concierge-manager"),
    "bar-assistant": ("酒吧助理", 55, "floor-director"),
    "floor-assistant": ("楼面助理", 55, "floor-director"),
    "greeter-assistant": ("咨客助理", 55, "floor-director"),
    "pa-assistant": ("PA助理", 55, "floor-director"),
    "runner-assistant": ("传菜助理", 55, "floor-director"),
    "area-manager": ("管理员", 50, "cs-manager"),
    "assessor": ("评估人员", 50, "department-manager"),
    "customer-care-committee": ("关心客户委员会", 50, "station-master"),
    "duty-person": ("值班人员", 50, "cs-manager"),
    "internal-trainer": ("业务骨干", 50, "department-manager"),
    "operations-assistant": ("运营助理", 50, "operations-director"),
    "review-panel": ("评审团", 50, "human-resources"),
    "cs-assistant": ("客服助理", 45, "cs-manager"),
    "key-custodian": ("保管人", 45, "department-head"),
    "senior-agent": ("高级客服", 44, "cs-supervisor"),
    "after-sales-agent": ("售后客服", 42, "cs-supervisor"),
    "complaint-specialist": ("投诉处理专员", 42, "complaint-supervisor"),
    "info-administrator": ("客户信息管理人员", 42, "cs-manager"),
    "info-clerk": ("信息员", 42, "department-head"),
    "middle-agent": ("中级客服", 42, "cs-supervisor"),
    "pre-sales-agent": ("售前客服", 42, "cs-supervisor"),
    "relations-specialist": ("客户关系专员", 42, "relations-manager"),
    "research-specialist": ("市场调研专员", 42, "research-supervisor"),
    "sales-agent": ("销售客服", 42, "cs-supervisor"),
    "ad-promoter": ("直通车广告推广专员", 40, "department-head"),
    "buyer": ("买手", 40, "department-head"),
    "copywriter": ("文案编辑", 40, "department-head"),
    "data-analyst": ("数据分析专员", 40, "department-head"),
    "designer": ("平面美工", 40, "department-head"),
    "editor": ("店铺编辑", 40, "department-head"),
    "engineering-staff": ("工程部人员", 40, "department-head"),
    "field-engineer": ("上门服务人员", 40, "station-master"),
    "hotline-agent": ("热线客服", 40, "station-master"),
    "junior-agent": ("初级客服", 40, "cs-supervisor"),
    "leasing-staff": ("租务人员", 40, "department-head"),
    "marketing-staff": ("市场部业务人员", 40, "department-head"),
    "photographer": ("产品摄影师", 40, "department-head"),
    "receptionist": ("前台接待员", 40, "cs-supervisor"),
    "service-specialist": ("服务专员", 40, "team-leader"),
    "warehouse-keeper": ("仓库管理人员", 40, "department-head"),
    "bartender": ("吧员", 38, "bar-assistant"),
    "greeter": ("咨客", 38, "greeter-assistant"),
    "runner": ("传菜员", 38, "runner-assistant"),
    "table-attendant": ("值台", 38, "floor-assistant"),
    "waiter": ("楼面服务员", 38, "floor-assistant"),
    "control-room-watch": ("保安监控室值班人员", 35, "security-manager"),
    "security-guard": ("保安员", 35, "security-manager"),
    "probation-agent": ("新客服", 30, "cs-supervisor"),
    "cleaner": ("保洁员", 25, "cleaning-lead"),
    "dishwasher": ("洗碗工", 25, "pa-assistant"),
    "desk-admin": ("台账管理员", 0, ""),
}
"""post: (title, rank, superior posts); a higher rank is a higher authority."""

DUTIES: dict[str, str] = {
    "general-manager": "全面管理，对经营结果负责",
    "deputy-general-manager": "协助总经理，分管部分部门；经授权代行总经理职权",
    "department-manager": "部门日常管理和任务分配",
    "centre-manager": "负责管理团队：计划、组织、监督、考核",
    "operations-director": "领导客服中心；团队与店铺的运营",
    "centre-director": "主持客服中心日常工作",
    "marketing-assistant-manager": "分管营销，直接下级为襄理",
    "administrative-assistant-manager": "分管行政，直接下级为襄理",
    "concierge-manager": "负责部门全面工作",
    "deputy-department-manager": "协助经理，指导和监督业务",
    "team-leader": "带领服务小组，配合经理和副经理",
    "service-specialist": "接待客户，处理业务",
}
"""post: what its holder answers for, where the regulations say so."""


def post_table() -> dict[str, dict[str, Any]]:
    """Return the posts as the policy holds them: title, rank, superior (a list where several), duties."""
    return {post: _described(post) for post in POSTS}


def _described(post: str) -> dict[str, Any]:
    title, rank, above = POSTS[post]
    found: dict[str, Any] = {"title": title, "rank": rank}
    superiors = above.split()
    if superiors:
        found["superior"] = superiors if len(superiors) > 1 else superiors[0]
    if post in DUTIES:
        found["duties"] = DUTIES[post]
    return found
