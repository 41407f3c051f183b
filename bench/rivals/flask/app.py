"""The article's design (users by uid and password, a token for /protected) on Flask, as it is usually written.

It is measured, never deployed. The article's listings do not run as printed; here the password is compared with its
hash, the identity of a token is a text (PyJWT requires that), and every import is the one that exists.

Environment: DATABASE, the path of a SQLite file that is created with one user.
"""

import os
from datetime import timedelta

from flask import Flask, jsonify, request
from flask_cors import CORS
from flask_jwt_extended import JWTManager, create_access_token, get_jwt_identity, jwt_required
from flask_restful import Api, Resource
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + os.environ["DATABASE"]
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
app.config["JWT_SECRET_KEY"] = "a secret of this measurement alone, 48 bytes or so"
app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(hours=1)
CORS(app, supports_credentials=True, origins=["https://app.example.org", "https://www.example.org"])
JWTManager(app)
api = Api(app)
db = SQLAlchemy(app)


class User(db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
    uid = db.Column(db.String(255), unique=True, nullable=False)
    password = db.Column(db.String(255), nullable=False)


class Token(Resource):
    def post(self):
        body = request.get_json()
        user = User.query.filter_by(uid=body.get("username", "")).first()
        if user is None or not check_password_hash(user.password, body.get("password", "")):
            return {"message": "Invalid user id or password"}, 401
        return jsonify(token=create_access_token(identity=str(user.id)), user_id=user.id)


class Protected(Resource):
    @jwt_required()
    def get(self):
        user = db.session.get(User, int(get_jwt_identity()))
        if user is None:
            return {"message": "The user of this token does not exist"}, 401
        return jsonify(id=user.id, username=user.uid)


api.add_resource(Token, "/token")
api.add_resource(Protected, "/protected")

# gunicorn loads this file once, before it makes its workers (--preload).
with app.app_context():
    db.create_all()
    if User.query.first() is None:
        db.session.add(User(uid="toby", password=generate_password_hash("123toby", "pbkdf2:sha256")))
        db.session.commit()
    db.engine.dispose()
