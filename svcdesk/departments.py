"""The departments that a new desk begins with: seven for all, and those that the profile's regulations name."""

from __future__ import annotations

from typing import Any
from typing import NamedTuple


class Department(NamedTuple):
    """A department at the founding; `posts` are named in the post table."""

    code: str
    english: str
    chinese: str
    duties: str = ""
    posts: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, Any]:
        """The form by which it is entered."""
        found: dict[str, Any] = {"code": self.code, "name": f"{self.english} {self.chinese}"}
        if self.duties:
            found["duties"] = self.duties
        if self.posts:
            found["posts"] = [{"post": each} for each in self.posts]
        return found


DEPARTMENTS = (
    Department("customer-service", "Customer service", "客服部"),
    Department("engineering", "Engineering", "工程部"),
    Department("security", "Security", "保安部"),
    Department("leasing", "Leasing", "租务部"),
    Department("cleaning", "Cleaning", "保洁部"),
    Department("reception", "Reception", "接待部"),
    Department("administration", "Administration", "行政部"),
)
"""The departments of every desk."""

MORE: dict[str, tuple[Department, ...]] = {
    "property": (),
    "concierge": (
        Department(
            "concierge",
            "Concierge",
            "金钥匙部门",
            posts=("concierge-manager", "deputy-department-manager", "team-leader", "service-specialist"),
        ),
    ),
    "shop": (
        Department(
            "marketing",
            "Marketing",
            "市场部",
            "市场计划、活动策划、推广",
            ("data-analyst", "ad-promoter"),
        ),
        Department(
            "logistics", "Logistics", "物流部", "仓储、拣货、包装、发货，协助客服", ("warehouse-keeper",)
        ),
        Department(
            "product",
            "Product",
            "产品部",
            "采购、整理，协助市场部整理、物流部包装、客服部售后、技术部编辑产品",
            ("buyer",),
        ),
        Department(
            "data",
            "Data",
            "数据部",
            "数据维护、产品编辑、美工",
            ("photographer", "designer", "copywriter"),
        ),
        Department(
            "operations",
            "Operations",
            "运营部",
            "团队和店铺的运营",
            ("operations-director", "operations-assistant"),
        ),
        Department("human-resources", "Human resources", "人力资源部", posts=("human-resources",)),
        Department("finance", "Finance", "财务部", posts=("finance",)),
        Department("technology", "Technology", "技术部"),
    ),
    "restaurant": (
        Department(
            "service-centre",
            "Service centre",
            "客户服务中心",
            posts=("centre-director", "marketing-assistant-manager", "administrative-assistant-manager"),
        ),
        Department(
            "floor", "Floor", "楼面", posts=("floor-director", "floor-assistant", "waiter", "table-attendant")
        ),
        Department("greeting", "Greeting", "咨客", posts=("greeter-assistant", "greeter")),
        Department("running", "Food running", "传菜", posts=("runner-assistant", "runner")),
        Department("bar", "Bar", "酒吧", posts=("bar-assistant", "bartender")),
        Department("kitchen", "Kitchen", "出品部"),
        Department("public-area", "Public area", "PA", posts=("pa-assistant", "dishwasher", "cleaner")),
    ),
    "branch": (
        Department("after-sales-centre", "After-sales centre", "售后服务中心"),
        Department(
            "service-station",
            "Service station",
            "服务站",
            posts=("station-master", "duty-station-master", "hotline-agent", "field-engineer"),
        ),
    ),
}
"""profile: the further departments of such a desk."""
